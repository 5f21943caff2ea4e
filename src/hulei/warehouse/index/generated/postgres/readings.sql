SELECT
  child_no,
  tier,
  CASE
    WHEN tier = 0
    THEN '-'
    WHEN behaviour >= CASE tier WHEN 1 THEN %(grade_b_1)s WHEN 2 THEN %(grade_b_2)s ELSE %(grade_b_3)s END
    THEN 'b'
    ELSE 'a'
  END AS grade,
  behaviour,
  CASE
    WHEN urgent = 1 OR need >= %(need_3)s
    THEN 3
    WHEN need >= %(need_2)s
    THEN 2
    WHEN need >= %(need_1)s
    THEN 1
    ELSE 0
  END AS level,
  need,
  urgent,
  packed
FROM (
  SELECT
    child_no,
    CASE WHEN ranks >= 8 THEN 3 WHEN ranks >= 4 THEN 2 WHEN ranks >= 2 THEN 1 ELSE 0 END AS tier,
    ranks & 1 AS urgent,
    packed,
    packed >> 48 AS behaviour,
    LEAST(packed & 255, %(cap_0)s) + LEAST((
      packed >> 8
    ) & 255, %(cap_1)s) + LEAST((
      packed >> 16
    ) & 255, %(cap_2)s) + LEAST((
      packed >> 24
    ) & 255, %(cap_3)s) + LEAST((
      packed >> 32
    ) & 255, %(cap_4)s) + LEAST((
      packed >> 40
    ) & 255, %(cap_5)s) AS need
  FROM (
    SELECT
      child_no,
      BIT_OR(rank) AS ranks,
      CAST(SUM(points * weight) AS BIGINT) AS packed
    FROM counted
    GROUP BY
      child_no
  ) AS totals
) AS capped
