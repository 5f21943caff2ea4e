SELECT
  child_no,
  tier,
  CASE
    WHEN tier = 0
    THEN '-'
    WHEN behaviour >= CASE tier WHEN 1 THEN :grade_b_1 WHEN 2 THEN :grade_b_2 ELSE :grade_b_3 END
    THEN 'b'
    ELSE 'a'
  END AS grade,
  behaviour,
  CASE
    WHEN urgent = 1 OR need >= :need_3
    THEN 3
    WHEN need >= :need_2
    THEN 2
    WHEN need >= :need_1
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
    SHIFTRIGHT(packed, 48) AS behaviour,
    LEAST(packed & 255, :cap_0) + LEAST((
      SHIFTRIGHT(packed, 8)
    ) & 255, :cap_1) + LEAST((
      SHIFTRIGHT(packed, 16)
    ) & 255, :cap_2) + LEAST((
      SHIFTRIGHT(packed, 24)
    ) & 255, :cap_3) + LEAST((
      SHIFTRIGHT(packed, 32)
    ) & 255, :cap_4) + LEAST((
      SHIFTRIGHT(packed, 40)
    ) & 255, :cap_5) AS need
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
