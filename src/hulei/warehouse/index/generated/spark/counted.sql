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
      CAST(c.birth + INTERVAL '1' YEAR * :age_floor AS DATE) AS floor_on
    FROM children AS c
    WHERE
      c.intake AND c.birth >= :born_from
  ), acts AS (
    SELECT
      f.child_no,
      f.fact_no,
      f.incident_no AS slot,
      r.rank,
      r.weight,
      CASE WHEN f.occurred_on + r.half_days > :as_of THEN r.points ELSE r.half_points END AS points
    FROM facts AS f
    JOIN rules AS r
      ON r.type = f.type
    JOIN eligible AS e
      ON e.child_no = f.child_no
    WHERE
      r.behaviour
      AND f.occurred_on <= :as_of
      AND f.recorded_on <= :as_of
      AND f.occurred_on + r.days > :as_of
      AND f.status = 'verified'
      AND f.confidence = 'documented'
      AND f.role IN ('principal', 'participant')
      AND f.verifier_agency = r.verifier
      AND f.two_persons
      AND f.decided
      AND f.occurred_on > e.floor_on
  ), needs AS (
    SELECT
      f.child_no,
      f.fact_no,
      r.slot,
      r.rank,
      r.weight,
      r.points
    FROM facts AS f
    JOIN rules AS r
      ON r.type = f.type
    JOIN eligible AS e
      ON e.child_no = f.child_no
    WHERE
      NOT r.behaviour
      AND f.occurred_on <= :as_of
      AND f.recorded_on <= :as_of
      AND f.occurred_on + r.days > :as_of
      AND f.status IN ('verified', 'unverified')
      AND (
        f.status = 'verified'
        OR (
          r.urgent AND f.recorded_on + :unverified_days > :as_of
        )
      )
  ), active AS (
    SELECT
      child_no,
      fact_no,
      slot,
      rank,
      weight,
      points
    FROM acts
    UNION ALL
    SELECT
      child_no,
      fact_no,
      slot,
      rank,
      weight,
      points
    FROM needs
  )
  SELECT
    child_no,
    fact_no,
    rank,
    weight,
    points,
    ROW_NUMBER() OVER (PARTITION BY child_no, slot ORDER BY rank DESC, points DESC, fact_no NULLS LAST) AS _w
  FROM active
) AS _t
WHERE
  _w = 1
