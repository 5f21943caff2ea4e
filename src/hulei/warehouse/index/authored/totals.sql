-- A row per child. `ranks` has a bit per tier and one for urgent; one sum instead of seven:
-- eight bits for each of six domains, acts from bit 48 on.
SELECT child_no, BIT_OR(rank) AS ranks, CAST(SUM(points * weight) AS BIGINT) AS packed
FROM counted
GROUP BY child_no
