-- The flags of docs/flags.md that stand on d: what was wrong by then, and what depends on the day, on the register of
-- accommodations or on the sources.

-- F6: rows of care days without a title, up to and with d; until when, unless it goes on.
CREATE TABLE untitled AS
WITH days AS (
  SELECT person, closure_number, placement, source, CAST(day AS DATE) AS day, d
  FROM chained, question, unnest(generate_series(started_on, coalesce(ended_on - 1, d), INTERVAL 1 DAY)) AS each(day)
  WHERE day <= d
  QUALIFY row_number() OVER (PARTITION BY person, closure_number, day ORDER BY place) = 1
), runs AS (
  SELECT *, day - row_number() OVER (PARTITION BY person, closure_number ORDER BY day)::INT AS run FROM days
  WHERE NOT EXISTS (SELECT 1 FROM titles AS t WHERE t.person = days.person AND from_on <= day AND until_on > day)
)
SELECT person, closure_number, min_by(placement, day) AS placement, min_by(source, day) AS source,
  min(day) AS since_on, nullif(max(day), d) + 1 AS until_on
FROM runs GROUP BY person, closure_number, run, d;

-- F14: since when accommodations are closed, or were told to have no places, without a break up to d.
CREATE TABLE empty AS
WITH days AS (
  SELECT accommodation, from_on AS day FROM capacity_changes UNION SELECT accommodation, said_on FROM register
), states AS (
  SELECT d.accommodation, day, coalesce(is_closed(d.accommodation, day), false) OR coalesce((
      SELECT sum(places) FROM (
        SELECT places FROM capacity_changes AS c WHERE c.accommodation = d.accommodation AND c.from_on <= day
        QUALIFY row_number() OVER (PARTITION BY of_group ORDER BY from_on DESC) = 1)) = 0, false) AS is_empty
  FROM days AS d
)
SELECT accommodation, min(day) AS since_on FROM states AS s, question
WHERE is_empty AND day <= d AND NOT EXISTS (
  SELECT 1 FROM states AS t WHERE t.accommodation = s.accommodation AND NOT t.is_empty AND t.day > s.day AND t.day <= d)
GROUP BY accommodation;

-- F13: the last count of each, beside the persons who were there on its day.
CREATE TABLE heads AS
WITH counts AS (
  SELECT said->>'accommodation' AS accommodation, (said->>'counted_on')::DATE AS counted_on,
    (said->>'heads')::INT AS heads, source
  FROM told, question WHERE name = 'occupancy-counted' AND (said->>'counted_on')::DATE <= d
  QUALIFY row_number() OVER (PARTITION BY accommodation ORDER BY counted_on DESC, time DESC, source DESC, id DESC) = 1
)
SELECT c.*, (SELECT count(DISTINCT person) FROM placements AS p WHERE p.accommodation = c.accommodation
  AND p.started_on <= c.counted_on AND (p.ended_on IS NULL OR p.ended_on > c.counted_on)) AS placed
FROM counts AS c;

-- F22: the first day on which each was not heard; nobody expects to have heard what comes after k.
CREATE TABLE quiet AS
SELECT source, max(heard_on) + 1 AS since_on, least(d, k) AS looked_on
FROM (SELECT source, CAST(timezone('Europe/Amsterdam', accepted) AS DATE) AS heard_on FROM facts), question
WHERE heard_on <= d GROUP BY source, d, k;

CREATE TABLE flags AS
WITH wrong AS (
  SELECT DISTINCT code, person, about, since_on, NULL::DATE AS until_on, source, d AS looked_on FROM raised, question
  UNION ALL SELECT 'F6', person, placement, since_on, until_on, source, d FROM untitled, question
  UNION ALL SELECT 'F10', person, placement, started_on, NULL, source, d FROM placements AS p, question
    WHERE coalesce(is_closed(p.accommodation, p.started_on), true)
  UNION ALL SELECT 'F13', NULL, accommodation, counted_on, NULL, source, d FROM heads, question
    WHERE abs(heads - placed) > 2 AND 100 * abs(heads - placed) > 5 * placed
  UNION ALL SELECT 'F14', NULL, accommodation, greatest(e.since_on, min(p.started_on)), NULL, p.source, d
    FROM empty AS e JOIN placements AS p USING (accommodation), question
    WHERE p.started_on <= d AND (p.ended_on IS NULL OR p.ended_on > d) GROUP BY accommodation, e.since_on, p.source, d
  UNION ALL SELECT 'F22', NULL, source, since_on, NULL, source, looked_on FROM quiet
)
SELECT w.*, looked_on - since_on AS days, CASE
    WHEN code IN ('F1', 'F5', 'F6', 'F21') THEN 'severe'
    WHEN code = 'F3' THEN if(days >= 14, 'severe', 'warning')
    WHEN code = 'F11' THEN if(about IN (SELECT placement FROM ages AS g WHERE g.person = w.person
      AND (months < 8 * 12 OR months - 1 >= 18 * 12 + 6)), 'severe', 'warning')
    WHEN code = 'F22' THEN if(days >= 7, 'severe', 'warning')
    WHEN code IN ('F9', 'F12', 'F15', 'F16', 'F17', 'F20') THEN 'info'
    ELSE 'warning'
  END AS severity
FROM wrong AS w
WHERE days >= CASE code WHEN 'F3' THEN 3 WHEN 'F6' THEN 6 WHEN 'F12' THEN 14 WHEN 'F22' THEN 2 ELSE 0 END
  AND (code <> 'F15' OR days < 90);
