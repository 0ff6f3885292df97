-- The counting rules in SQL, written from the definitions alone: from a CSV of facts to placements and closures.

-- D12: of the facts with one source, name and record the highest revision, unless a withdrawal has an equal or higher one.
CREATE TABLE standing AS
SELECT f.* EXCLUDE (place) FROM (
  SELECT *, row_number() OVER (
    PARTITION BY source, name, record ORDER BY revision DESC, time DESC, id DESC
  ) AS place
  FROM facts WHERE name <> 'record-withdrawn'
) AS f
WHERE place = 1 AND NOT EXISTS (
  SELECT 1 FROM facts AS w
  WHERE w.name = 'record-withdrawn' AND w.source = f.source AND w.of = f.name AND w.record = f.record
    AND w.revision >= f.revision
);

-- D5: a placement ends in what names it, the earliest that is not before its start; on one day the doorplaatsing.
-- An open one ends where a later one of the same young person starts: inferred.
CREATE TABLE stays AS
WITH starts AS (
  SELECT person, placement, accommodation, region, happened_on AS started_on
  FROM standing WHERE name = 'placement-started' AND regime = 'jw6'
), ends AS (
  SELECT s.person, s.placement, e.name, e.happened_on AS ended_on, e.destination,
    row_number() OVER (
      PARTITION BY s.person, s.placement ORDER BY e.happened_on, e.name = 'discharge-recorded'
    ) AS place
  FROM starts AS s JOIN standing AS e
    ON e.person = s.person AND e.placement = s.placement
    AND e.name IN ('doorplaatsing-recorded', 'discharge-recorded') AND e.happened_on >= s.started_on
)
SELECT s.*, coalesce(e.ended_on, later.started_on) AS ended_on,
  CASE
    WHEN e.name = 'doorplaatsing-recorded' THEN 'moved'
    WHEN e.destination = 'deceased' THEN 'deceased'
    WHEN e.name IS NOT NULL THEN 'discharged'
    WHEN later.started_on IS NOT NULL THEN 'inferred'
  END AS how
FROM starts AS s
LEFT JOIN ends AS e ON e.person = s.person AND e.placement = s.placement AND e.place = 1
LEFT JOIN (
  SELECT a.person, a.placement, min(b.started_on) AS started_on
  FROM starts AS a JOIN starts AS b ON b.person = a.person AND b.started_on > a.started_on
  GROUP BY ALL
) AS later ON later.person = s.person AND later.placement = s.placement;

-- D6: discharged and started on one day at one accommodation is an administrative restart: one placement.
CREATE TABLE placements AS
WITH marked AS (
  SELECT *, coalesce(
    lag(accommodation) OVER w = accommodation AND lag(ended_on) OVER w = started_on AND lag(how) OVER w <> 'moved',
    false
  ) AS restarts
  FROM stays WINDOW w AS (PARTITION BY person ORDER BY started_on)
), numbered AS (
  SELECT *, count(*) FILTER (NOT restarts) OVER (PARTITION BY person ORDER BY started_on) AS placement_number
  FROM marked
)
SELECT person, placement_number, min_by(accommodation, started_on) AS accommodation,
  min_by(region, started_on) AS region, min(started_on) AS started_on,
  CASE WHEN max_by(coalesce(how, 'open'), started_on) <> 'open' THEN max_by(ended_on, started_on) END AS ended_on,
  max_by(coalesce(how, 'open'), started_on) AS how
FROM numbered GROUP BY person, placement_number;

-- D6, D7: a placement continues the closure when the one before it ended in a doorplaatsing (or without a reported end)
-- at most seven days before.
CREATE TABLE chained AS
WITH linked AS (
  SELECT *, coalesce(
    lag(how) OVER w IN ('moved', 'inferred') AND started_on - lag(ended_on) OVER w <= 7, false
  ) AS continues,
  lag(accommodation) OVER w AS came_from
  FROM placements WINDOW w AS (PARTITION BY person ORDER BY started_on)
)
SELECT *, continues AND came_from <> accommodation AS doorplaatsing,
  count(*) FILTER (NOT continues) OVER (PARTITION BY person ORDER BY started_on) AS closure_number
FROM linked;

CREATE TABLE closures AS
SELECT person, closure_number, min_by(region, started_on) AS region, min(started_on) AS started_on,
  CASE WHEN max_by(how, started_on) = 'open' THEN NULL ELSE max(ended_on) END AS ended_on,
  max_by(how, started_on) AS how, count(*) FILTER (doorplaatsing) AS doorplaatsingen
FROM chained GROUP BY person, closure_number;
