-- Stock, title, doorplaatsing and re-placement, each row with the day by which it is split.

CREATE TABLE stock AS
SELECT person, closure_number, region, d AS day, d - started_on AS days, if(EXISTS (
    SELECT 1 FROM chained AS p WHERE p.person = c.person AND p.closure_number = c.closure_number
      AND p.started_on <= d AND (p.ended_on IS NULL OR p.ended_on > d)), 'inside', 'between') AS state
FROM of_closures AS c, question WHERE started_on <= d AND (ended_on IS NULL OR ended_on > d);

CREATE TABLE nights AS
SELECT person, closure_number, c.region, c.started_on AS day, count(*) AS nights, count(*) FILTER (NOT EXISTS (
    SELECT 1 FROM titles AS t WHERE t.person = k.person AND t.from_on <= k.day AND t.until_on > k.day)) AS uncovered
FROM care AS k JOIN of_closures AS c USING (person, closure_number), question
WHERE k.day >= a AND k.day < b GROUP BY ALL;

CREATE TABLE began AS
SELECT c.person, closure_number, region, started_on AS day,
  coalesce(min_by(t.kind, (t.from_on, t.until_on, t.machtiging)), 'none') AS kind,
  min_by(t.frame, (t.from_on, t.until_on, t.machtiging)) AS frame
FROM of_closures AS c LEFT JOIN titles AS t
  ON t.person = c.person AND t.from_on <= c.started_on AND t.until_on > c.started_on, question
WHERE c.started_on >= a AND c.started_on < b AND c.started_on <= d GROUP BY ALL;

-- A link is one of the placement that was left, so by that one it is split.
CREATE TABLE links AS
SELECT p.person, p.closure_number, f.place AS left_place, f.region, f.accommodation, f.said, f.started_on,
  p.started_on AS day,
  c.started_on AS began_on, CASE
    WHEN l.provider IS NULL OR n.provider IS NULL THEN 'unknown'
    WHEN l.provider = n.provider THEN 'within-provider'
    ELSE 'between-providers'
  END AS kind
FROM chained AS p JOIN closures AS c USING (person, closure_number)
JOIN chained AS f ON f.person = p.person AND f.place = p.from_place
LEFT JOIN registered AS l ON l.accommodation = f.accommodation
LEFT JOIN registered AS n ON n.accommodation = p.accommodation
WHERE p.doorplaatsing;

CREATE TABLE times AS
SELECT c.person, c.closure_number, o.region, c.ended_on AS day, doorplaatsingen
FROM closures AS c JOIN of_closures AS o USING (person, closure_number), question
WHERE c.ended_on >= a AND c.ended_on < b AND c.ended_on <= d;

CREATE TABLE ends AS
SELECT p.person, p.closure_number, p.region, p.accommodation, p.said, p.started_on, p.ended_on AS day, CASE
    WHEN 'deceased' IN (destination, end_mode) THEN 'deceased'
    WHEN EXISTS (SELECT 1 FROM links AS l WHERE l.person = p.person AND l.left_place = p.place AND l.day <= d)
      THEN 'doorplaatsing'
    WHEN how = 'discharged' THEN 'discharged'
    WHEN EXISTS (SELECT 1 FROM chained AS n WHERE n.person = p.person AND n.from_place = p.place AND n.started_on <= d)
      THEN 'within'
    ELSE 'departed'
  END AS became
FROM chained AS p, question WHERE ended_on IS NOT NULL;

-- Each closure with the one before it and the one after it.
CREATE TABLE returns AS
SELECT *, ended_on AS day, coalesce('deceased' IN (destination, end_mode), false) AS died,
  lag(died) OVER w AS left_dead,  lag(ended_on) OVER w AS left_on, lead(started_on) OVER w AS back_on
FROM of_closures WINDOW w AS (PARTITION BY person ORDER BY closure_number);

-- What began in the window, from the first day that its source observed, until it ended or until d.
CREATE TABLE lasts AS
WITH observed AS (
  SELECT source, min(CAST(timezone('Europe/Amsterdam', time) AS DATE)) AS from_on FROM facts
  WHERE person IS NOT NULL GROUP BY source
), began AS (
  SELECT 'closures' AS of, p.source, c.started_on, c.ended_on
  FROM closures AS c JOIN chained AS p ON p.person = c.person AND p.place = c.first_place
  UNION ALL SELECT 'placements', source, started_on, ended_on FROM chained
)
SELECT of, greatest(0, from_on - started_on) AS entry, least(ended_on, d) - started_on AS days,
  coalesce(ended_on <= d, false) AS is_over
FROM began JOIN observed USING (source), question WHERE started_on >= a AND started_on < b AND started_on <= d;

-- At one day ends go before censorings: at risk is who entered before the day and was followed up to it.
CREATE MACRO curve(what) AS TABLE
SELECT t, count(*) FILTER (entry < t AND days >= t OR t = 0 AND entry = 0) AS at_risk,
  count(*) FILTER (days = t AND is_over) AS ended, count(*) FILTER (days = t AND NOT is_over) AS censored
FROM lasts, (SELECT DISTINCT days AS t FROM lasts WHERE of = what) WHERE of = what AND (days > entry OR entry = 0)
GROUP BY t;

CREATE MACRO placements_before(on_day) AS (
  SELECT count(*) FROM chained, question
  WHERE started_on >= on_day - INTERVAL 1 YEAR AND started_on < on_day AND started_on <= d);
