-- The facts that count: active, and of one incident or one kind of need only one.
WITH eligible AS (
  SELECT c.child_no, CAST(c.birth + INTERVAL '1' YEAR * $age_floor AS DATE) AS floor_on
  FROM children AS c
  WHERE c.intake AND c.birth >= $born_from
),
standing AS (
  SELECT f.child_no, f.fact_no, f.incident_no AS slot, f.occurred_on, r.behaviour, r.rank, r.weight,
    CASE WHEN f.occurred_on + r.half_days > $as_of THEN r.points ELSE r.half_points END AS points
  FROM facts AS f
  JOIN rules AS r ON r.type = f.type
  WHERE r.behaviour
    AND f.occurred_on <= $as_of AND f.recorded_on <= $as_of AND f.occurred_on + r.days > $as_of
    AND f.status = 'verified' AND f.confidence = 'documented' AND f.role IN ('principal', 'participant')
    AND f.verifier_agency = r.verifier AND f.two_persons AND f.decided
  UNION ALL
  SELECT f.child_no, f.fact_no, r.slot, f.occurred_on, r.behaviour, r.rank, r.weight, r.points
  FROM facts AS f
  JOIN rules AS r ON r.type = f.type
  WHERE NOT r.behaviour
    AND f.occurred_on <= $as_of AND f.recorded_on <= $as_of AND f.occurred_on + r.days > $as_of
    AND f.status IN ('verified', 'unverified')
    AND (f.status = 'verified' OR (r.urgent AND f.recorded_on + $unverified_days > $as_of))
)
SELECT s.child_no, s.fact_no, s.rank, s.weight, s.points
FROM standing AS s
JOIN eligible AS e ON e.child_no = s.child_no
WHERE NOT s.behaviour OR s.occurred_on > e.floor_on
QUALIFY ROW_NUMBER() OVER (PARTITION BY s.child_no, s.slot ORDER BY s.rank DESC, s.points DESC, s.fact_no) = 1
