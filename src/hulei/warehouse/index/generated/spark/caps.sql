SELECT
  child_no,
  -1 AS source,
  :cap_0 - (
    packed & 255
  ) AS points
FROM readings
WHERE
  (
    packed & 255
  ) > :cap_0
UNION ALL
SELECT
  child_no,
  -2 AS source,
  :cap_1 - (
    (
      SHIFTRIGHT(packed, 8)
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      SHIFTRIGHT(packed, 8)
    ) & 255
  ) > :cap_1
UNION ALL
SELECT
  child_no,
  -3 AS source,
  :cap_2 - (
    (
      SHIFTRIGHT(packed, 16)
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      SHIFTRIGHT(packed, 16)
    ) & 255
  ) > :cap_2
UNION ALL
SELECT
  child_no,
  -4 AS source,
  :cap_3 - (
    (
      SHIFTRIGHT(packed, 24)
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      SHIFTRIGHT(packed, 24)
    ) & 255
  ) > :cap_3
UNION ALL
SELECT
  child_no,
  -5 AS source,
  :cap_4 - (
    (
      SHIFTRIGHT(packed, 32)
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      SHIFTRIGHT(packed, 32)
    ) & 255
  ) > :cap_4
UNION ALL
SELECT
  child_no,
  -6 AS source,
  :cap_5 - (
    (
      SHIFTRIGHT(packed, 40)
    ) & 255
  ) AS points
FROM readings
WHERE
  (
    (
      SHIFTRIGHT(packed, 40)
    ) & 255
  ) > :cap_5
