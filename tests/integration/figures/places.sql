-- Places in force on d, and before it on each first day of a year of the window from which any place is known.

CREATE TABLE places AS
WITH register AS (
  SELECT said->>'accommodation' AS accommodation, name = 'accommodation-closed' AS closes,
    (said->>'on')::DATE AS said_on, (said_on, NOT closes, time, source, id) AS place
  FROM told WHERE name IN ('accommodation-registered', 'accommodation-closed')
), changes AS (
  SELECT said->>'accommodation' AS accommodation, coalesce(said->>'group', '') AS of_group,
    (said->>'from_on')::DATE AS from_on, said
  FROM told WHERE name = 'capacity-changed'
  QUALIFY row_number() OVER (PARTITION BY accommodation, of_group, from_on ORDER BY time DESC, source DESC, id DESC) = 1
), days AS (
  SELECT d AS day FROM question
  UNION
  SELECT CAST(day AS DATE) FROM question,
    unnest(generate_series(date_trunc('year', a), b::TIMESTAMP, INTERVAL 1 YEAR)) AS firsts(day)
  WHERE day >= a AND day < d AND day >= (SELECT min(from_on) FROM changes)
)
SELECT day, coalesce(r.region, 'unknown-region') AS region, coalesce(r.provider, 'unknown') AS provider,
  (said->>'places')::INT AS places, said->>'closure' AS mode, said->>'procurement' AS procurement,
  (said->>'group_size')::INT AS group_size
FROM days JOIN changes AS c ON c.from_on <= day LEFT JOIN registered AS r ON r.accommodation = c.accommodation
WHERE NOT coalesce(
  (SELECT max_by(closes, place) FROM register AS g WHERE g.accommodation = c.accommodation AND g.said_on <= day), false)
QUALIFY row_number() OVER (PARTITION BY day, c.accommodation, of_group ORDER BY from_on DESC) = 1;
