SELECT
  child_no,
  fact_no,
  rank,
  weight,
  points
FROM (
  WITH eligible AS (
    SELECT
      c.child_no,
      CAST(c.birth + INTERVAL '1 YEAR' * %(age_floor)s AS DATE) AS floor_on
    FROM children AS c
    WHERE
      c.intake AND c.birth >= %(born_from)s
  ), standing AS (
    SELECT
      f.child_no,
      f.fact_no,
      f.incident_no AS slot,
      f.occurred_on,
      r.behaviour,
      r.rank,
      r.weight,
      CASE
        WHEN f.occurred_on + r.half_days > %(as_of)s
        THEN r.points
        ELSE r.half_points
      END AS points
    FROM facts AS f
    JOIN rules AS r
      ON r.type = f.type
    WHERE
      r.behaviour
      AND f.occurred_on <= %(as_of)s
      AND f.recorded_on <= %(as_of)s
      AND f.occurred_on + r.days > %(as_of)s
      AND f.status = 'verified'
      AND f.confidence = 'documented'
      AND f.role IN ('principal', 'participant')
      AND f.verifier_agency = r.verifier
      AND f.two_persons
      AND f.decided
    UNION ALL
    SELECT
      f.child_no,
      f.fact_no,
      r.slot,
      f.occurred_on,
      r.behaviour,
      r.rank,
      r.weight,
      r.points
    FROM facts AS f
    JOIN rules AS r
      ON r.type = f.type
    WHERE
      NOT r.behaviour
      AND f.occurred_on <= %(as_of)s
      AND f.recorded_on <= %(as_of)s
      AND f.occurred_on + r.days > %(as_of)s
      AND f.status IN ('verified', 'unverified')
      AND (
        f.status = 'verified'
        OR (
          r.urgent AND f.recorded_on + %(unverified_days)s > %(as_of)s
        )
      )
  )
  SELECT
    s.child_no,
    s.fact_no,
    s.rank,
    s.weight,
    s.points,
    ROW_NUMBER() OVER (
      PARTITION BY s.child_no, s.slot
      ORDER BY s.rank DESC NULLS LAST, s.points DESC NULLS LAST, s.fact_no
    ) AS _w
  FROM standing AS s
  JOIN eligible AS e
    ON e.child_no = s.child_no
  WHERE
    NOT s.behaviour OR s.occurred_on > e.floor_on
) AS _t
WHERE
  _w = 1
