-- A row per child. `packed` holds the six domain sums in ten bits each: one sum instead of six.
SELECT child_no, tier, urgent, points, packed & 1023 AS d0, (packed >> 10) & 1023 AS d1,
  (packed >> 20) & 1023 AS d2, (packed >> 30) & 1023 AS d3, (packed >> 40) & 1023 AS d4,
  (packed >> 50) & 1023 AS d5
FROM (
  SELECT child_no, MAX(tier) AS tier, MAX(urgent) AS urgent, CAST(SUM(points) AS BIGINT) AS points,
    CAST(SUM(points * weight) AS BIGINT) AS packed
  FROM counted
  GROUP BY child_no
) AS sums
