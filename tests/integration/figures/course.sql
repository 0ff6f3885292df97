-- What is told of a stay and around it: readiness, closure mode, schooling, restrictive measures and absences.

-- The placement that a fact names (D6: after an administrative restart the whole), and its closure if it has one.
CREATE TABLE named AS
SELECT t.person, t.name, t.source, t.record, t.recorded, t.said, p.placement IS NOT NULL AS started,
  p.placement <> p.whole AS joined,
  coalesce(p.whole, t.said->>'placement') AS placement, coalesce(p.whole_source, t.source) AS of_source,
  c.place, c.closure_number, c.started_on, c.ended_on
FROM told AS t
LEFT JOIN parts AS p ON p.person = t.person AND p.placement = t.said->>'placement'
  AND (NOT p.alike OR p.source = t.source)
LEFT JOIN chained AS c ON c.person = p.person AND c.placement = p.whole AND c.source = p.whole_source
WHERE t.said->>'placement' IS NOT NULL;

-- Of two records about one placement the one recorded last; a day before its start is its start.
CREATE TABLE readiness AS
WITH last AS (
  SELECT *, greatest((said->>'ready_on')::DATE, started_on) AS ready_on FROM named
  WHERE name = 'discharge-ready' AND closure_number IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY person, place ORDER BY recorded DESC) = 1
)
SELECT person, closure_number, placement, of_source, ready_on, said->>'needed' AS needed FROM last
WHERE ended_on IS NULL OR ready_on < ended_on;

CREATE TABLE ready AS
SELECT o.person, o.closure_number, o.region, o.d AS day, max(o.d - r.ready_on) AS days,
  coalesce(max_by(r.needed, (r.ready_on, r.placement, r.of_source)), 'not-said') AS needed
FROM (SELECT * FROM of_closures, question WHERE started_on <= d AND (ended_on IS NULL OR ended_on > d)) AS o
LEFT JOIN readiness AS r ON r.person = o.person AND r.closure_number = o.closure_number AND r.ready_on <= o.d
GROUP BY ALL;

CREATE TABLE ready_days AS
WITH first AS (SELECT person, closure_number, min(ready_on) AS ready_on FROM readiness GROUP BY ALL)
SELECT person, closure_number, c.region, c.started_on AS day, count(*) AS care_days,
  count(*) FILTER (k.day >= f.ready_on) AS ready_days
FROM care AS k JOIN of_closures AS c USING (person, closure_number) LEFT JOIN first AS f USING (person, closure_number),
  question
WHERE k.day >= a AND k.day < b GROUP BY ALL;

-- A change counts when it is dated on a day of the placement, the first one too. The start after an administrative
-- restart says how the whole is closed from its day on, unless a change of that day does.
CREATE TABLE closure_mode AS
WITH changes AS (
  SELECT person, place, changed_on, mode FROM (
    SELECT person, place, (said->>'changed_on')::DATE AS changed_on, said->>'closure' AS mode, 0 AS part, recorded
    FROM named WHERE name = 'closure-mode-changed' AND closure_number IS NOT NULL AND changed_on >= started_on
    UNION ALL
    SELECT c.person, c.place, p.started_on, p.said->>'closure', -p.place, NULL FROM parts AS p
    JOIN chained AS c ON c.person = p.person AND c.placement = p.whole AND c.source = p.whole_source WHERE p.restarts
  ) QUALIFY row_number() OVER (PARTITION BY person, place, changed_on ORDER BY part = 0 DESC, part, recorded DESC) = 1
), modes AS (
  SELECT k.person, k.closure_number, k.day,
    coalesce(max_by(h.mode, h.changed_on), any_value(p.said->>'closure')) AS mode
  FROM care AS k JOIN chained AS p ON p.person = k.person AND p.place = k.place
  LEFT JOIN changes AS h ON h.person = k.person AND h.place = k.place AND h.changed_on <= k.day
  GROUP BY ALL
)
SELECT person, closure_number, region, c.started_on AS day, count(*) AS care_days,
  count(*) FILTER (mode = 'gesloten') AS gesloten, count(*) FILTER (mode = 'besloten') AS besloten,
  count(*) FILTER (mode = 'hybride') AS hybride, count(*) FILTER (mode = 'open') AS open
FROM modes AS m JOIN of_closures AS c USING (person, closure_number), question
WHERE m.day >= a AND m.day < b GROUP BY ALL;

-- What was said last by d; of one day what was recorded last.
CREATE TABLE schooling AS
WITH said AS (
  SELECT person, (said->>'changed_on')::DATE AS changed_on, said->>'status' AS status
  FROM told, question WHERE name = 'education-changed' AND (said->>'changed_on')::DATE <= d
  QUALIFY row_number() OVER (PARTITION BY person, changed_on ORDER BY recorded DESC) = 1
), taught AS (
  SELECT person, max(changed_on) FILTER (status <> 'none') AS taught_on FROM said GROUP BY person
)
SELECT c.person, c.closure_number, c.region, d AS day, coalesce(max_by(s.status, s.changed_on), 'unknown') AS status,
  d - greatest(c.started_on, min(s.changed_on) FILTER (taught_on IS NULL OR s.changed_on > taught_on)) AS days_without
FROM of_closures AS c LEFT JOIN said AS s ON s.person = c.person LEFT JOIN taught AS t ON t.person = c.person, question
WHERE c.started_on <= d AND (c.ended_on IS NULL OR c.ended_on > d)
GROUP BY c.person, c.closure_number, c.region, c.started_on, d;

CREATE TABLE quarters AS
SELECT year || '-Q' || number AS quarter, make_date(year::INT, 3 * number::INT - 2, 1) AS first_on,
  CAST(first_on + INTERVAL 3 MONTH AS DATE) AS after_on
FROM range(2008, 2100) AS years(year), range(1, 5) AS numbers(number), question
WHERE first_on >= a AND after_on <= least(b, d);

-- A placement that was joined, or that nobody started, only says that they were inside.
CREATE TABLE measures AS
SELECT n.person, said, first_on, after_on, CASE
    WHEN started AND NOT joined THEN closure_number
    ELSE (SELECT max(c.closure_number) FROM closures AS c
      WHERE c.person = n.person AND c.started_on < coalesce((said->>'on')::DATE + 1, after_on)
        AND (c.ended_on IS NULL OR c.ended_on > coalesce((said->>'on')::DATE, first_on)))
  END AS closure_number
FROM named AS n JOIN quarters AS q ON q.quarter = said->>'quarter' WHERE name = 'restriction-reported';

CREATE TABLE restrictions AS
WITH inside AS (
  SELECT person, closure_number, quarter, count(*) AS care_days
  FROM care JOIN quarters ON day >= first_on AND day < after_on GROUP BY ALL
), taken AS (
  SELECT person, closure_number, said->>'quarter' AS quarter, sum((said->>'count')::INT) AS number,
    sum((said->>'minutes')::INT) AS minutes,
    sum((said->>'count')::INT) FILTER (said->>'emergency' = 'true') AS emergencies
  FROM measures GROUP BY ALL
)
SELECT person, closure_number, c.region, c.started_on AS day, sum(care_days)::INT AS care_days,
  coalesce(sum(number), 0)::INT AS number, coalesce(sum(minutes), 0)::INT AS minutes,
  coalesce(sum(emergencies), 0)::INT AS emergencies
FROM inside LEFT JOIN taken USING (person, closure_number, quarter)
JOIN of_closures AS c USING (person, closure_number) GROUP BY ALL;

CREATE TABLE accommodation_measures AS
SELECT said->>'accommodation' AS accommodation, sum((said->>'count')::INT)::INT AS number,
  (SELECT count(*) FROM care JOIN quarters ON day >= first_on AND day < after_on
    WHERE care.accommodation = told.said->>'accommodation') AS care_days
FROM told JOIN quarters ON quarter = said->>'quarter'
WHERE name = 'restriction-reported' AND said->>'placement' IS NULL GROUP BY ALL;

-- Two records of one moment are one absence. It is over at the return, or at the next absence from that placement.
CREATE TABLE away AS
WITH moments AS (
  SELECT *, (said->>'at')::TIMESTAMPTZ AS moment FROM named WHERE name IN ('absence-started', 'absence-ended')
), began AS (
  SELECT *, CAST(timezone('Europe/Amsterdam', moment) AS DATE) AS day,
    lead(moment) OVER (PARTITION BY person, placement, of_source ORDER BY moment) AS next_at
  FROM (
    SELECT * FROM moments WHERE name = 'absence-started'
    QUALIFY row_number() OVER (PARTITION BY person, placement, of_source, moment ORDER BY recorded) = 1
  )
)
SELECT *, (SELECT min(e.moment) FROM moments AS e WHERE e.name = 'absence-ended' AND e.person = w.person
    AND e.placement = w.placement AND e.of_source = w.of_source AND e.moment >= w.moment) AS back_at
FROM began AS w;

-- At the latest at the first moment, in Europe/Amsterdam, of the day on which the closure ended.
CREATE TABLE absences AS
WITH over AS (
  SELECT w.person, w.moment, w.day AS began_on, c.closure_number, c.region, c.started_on AS day,
    least(back_at, next_at, timezone('Europe/Amsterdam', c.ended_on::TIMESTAMP)) AS over_at
  FROM away AS w JOIN of_closures AS c ON c.person = w.person AND c.started_on <= w.day
    AND (c.ended_on IS NULL OR c.ended_on > w.day)
  WHERE NOT (started AND NOT joined) OR c.closure_number = w.closure_number
)
SELECT person, closure_number, region, day,
  CAST(timezone('Europe/Amsterdam', over_at) AS DATE) <= d IS TRUE AS is_over,
  epoch(CASE WHEN is_over THEN over_at ELSE timezone('Europe/Amsterdam', d::TIMESTAMP) END) - epoch(moment) AS seconds
FROM over, question WHERE began_on >= a AND began_on < least(b, d);
