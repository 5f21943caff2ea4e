SELECT
  child_no,
  -1 AS source,
  %(cap_0)s - (
    packed & 255
  ) AS points
FROM readings
WHERE
  (
    packed & 255
  ) > %(cap_0)s
UNION ALL
SELECT
  child_no,
  -2 AS source,
  %(cap_1)s - (
    (
      packed >> 8
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      packed >> 8
    ) & 255
  ) > %(cap_1)s
UNION ALL
SELECT
  child_no,
  -3 AS source,
  %(cap_2)s - (
    (
      packed >> 16
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      packed >> 16
    ) & 255
  ) > %(cap_2)s
UNION ALL
SELECT
  child_no,
  -4 AS source,
  %(cap_3)s - (
    (
      packed >> 24
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      packed >> 24
    ) & 255
  ) > %(cap_3)s
UNION ALL
SELECT
  child_no,
  -5 AS source,
  %(cap_4)s - (
    (
      packed >> 32
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      packed >> 32
    ) & 255
  ) > %(cap_4)s
UNION ALL
SELECT
  child_no,
  -6 AS source,
  %(cap_5)s - (
    (
      packed >> 40
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      packed >> 40
    ) & 255
  ) > %(cap_5)s
