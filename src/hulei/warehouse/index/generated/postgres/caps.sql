SELECT
  child_no,
  -1 AS source,
  %(cap_0)s - d0 AS points
FROM totals
WHERE
  d0 > %(cap_0)s
UNION ALL
SELECT
  child_no,
  -2 AS source,
  %(cap_1)s - d1 AS points
FROM totals
WHERE
  d1 > %(cap_1)s
UNION ALL
SELECT
  child_no,
  -3 AS source,
  %(cap_2)s - d2 AS points
FROM totals
WHERE
  d2 > %(cap_2)s
UNION ALL
SELECT
  child_no,
  -4 AS source,
  %(cap_3)s - d3 AS points
FROM totals
WHERE
  d3 > %(cap_3)s
UNION ALL
SELECT
  child_no,
  -5 AS source,
  %(cap_4)s - d4 AS points
FROM totals
WHERE
  d4 > %(cap_4)s
UNION ALL
SELECT
  child_no,
  -6 AS source,
  %(cap_5)s - d5 AS points
FROM totals
WHERE
  d5 > %(cap_5)s
