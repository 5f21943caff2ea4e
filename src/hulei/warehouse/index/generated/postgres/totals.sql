SELECT
  child_no,
  BIT_OR(rank) AS ranks,
  CAST(SUM(points * weight) AS BIGINT) AS packed
FROM counted
GROUP BY
  child_no
