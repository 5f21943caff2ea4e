SELECT
  child_no,
  -1 AS source,
  :cap_0 - d0 AS points
FROM totals
WHERE
  d0 > :cap_0
UNION ALL
SELECT
  child_no,
  -2 AS source,
  :cap_1 - d1 AS points
FROM totals
WHERE
  d1 > :cap_1
UNION ALL
SELECT
  child_no,
  -3 AS source,
  :cap_2 - d2 AS points
FROM totals
WHERE
  d2 > :cap_2
UNION ALL
SELECT
  child_no,
  -4 AS source,
  :cap_3 - d3 AS points
FROM totals
WHERE
  d3 > :cap_3
UNION ALL
SELECT
  child_no,
  -5 AS source,
  :cap_4 - d4 AS points
FROM totals
WHERE
  d4 > :cap_4
UNION ALL
SELECT
  child_no,
  -6 AS source,
  :cap_5 - d5 AS points
FROM totals
WHERE
  d5 > :cap_5
