-- Tier and level from the sums: the tier is a maximum, the need is capped per domain.
SELECT child_no, tier,
  CASE
    WHEN tier = 0 THEN '-'
    WHEN behaviour >= CASE tier WHEN 1 THEN $grade_b_1 WHEN 2 THEN $grade_b_2 ELSE $grade_b_3 END THEN 'b'
    ELSE 'a'
  END AS grade,
  behaviour,
  CASE
    WHEN urgent = 1 OR need >= $need_3 THEN 3
    WHEN need >= $need_2 THEN 2
    WHEN need >= $need_1 THEN 1
    ELSE 0
  END AS level,
  need, urgent
FROM (
  SELECT child_no, tier, urgent, points - (d0 + d1 + d2 + d3 + d4 + d5) AS behaviour,
    LEAST(d0, $cap_0) + LEAST(d1, $cap_1) + LEAST(d2, $cap_2) + LEAST(d3, $cap_3) + LEAST(d4, $cap_4)
      + LEAST(d5, $cap_5) AS need
  FROM totals
) AS capped
