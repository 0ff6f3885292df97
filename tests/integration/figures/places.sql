-- Places in force on d, and before it on each first day of a year of the window from which any place is known.

CREATE TABLE capacity_changes AS
SELECT said->>'accommodation' AS accommodation, coalesce(said->>'group', '') AS of_group,
  (said->>'from_on')::DATE AS from_on, (said->>'places')::INT AS places, said
FROM told WHERE name = 'capacity-changed'
QUALIFY row_number() OVER (PARTITION BY accommodation, of_group, from_on ORDER BY time DESC, source DESC, id DESC) = 1;

CREATE TABLE places AS
WITH days AS (
  SELECT d AS day FROM question
  UNION
  SELECT CAST(day AS DATE) FROM question,
    unnest(generate_series(date_trunc('year', a), b::TIMESTAMP, INTERVAL 1 YEAR)) AS firsts(day)
  WHERE day >= a AND day < d AND day >= (SELECT min(from_on) FROM capacity_changes)
)
SELECT day, coalesce(r.region, 'unknown-region') AS region, coalesce(r.provider, 'unknown') AS provider,
  places, said->>'closure' AS mode, said->>'procurement' AS procurement, (said->>'group_size')::INT AS group_size
FROM days JOIN capacity_changes AS c ON c.from_on <= day LEFT JOIN registered AS r ON r.accommodation = c.accommodation
WHERE NOT coalesce(is_closed(c.accommodation, day), false)
QUALIFY row_number() OVER (PARTITION BY day, c.accommodation, of_group ORDER BY from_on DESC) = 1;
