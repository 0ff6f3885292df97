-- The counting rules in SQL, written from the definitions alone: from the facts as they were published to placements
-- and closures. A fact is one row: id, source, name, record, revision, time, person, and what it says, as JSON.

-- D12: of the facts with one source, name and record the highest revision, unless a withdrawal has an equal or higher.
CREATE TABLE standing AS
WITH latest AS (
  SELECT * FROM facts WHERE name <> 'record-withdrawn'
  QUALIFY row_number() OVER (PARTITION BY source, name, record ORDER BY revision DESC, time DESC, id DESC) = 1
)
SELECT * FROM latest AS f WHERE NOT EXISTS (
  SELECT 1 FROM facts AS w
  WHERE w.name = 'record-withdrawn' AND w.source = f.source AND w.said->>'of' = f.name
    AND w.said->>'record' = f.record AND w.revision >= f.revision
);

-- D14: pseudonyms that are joined by merges that stand are one young person, named by the least of them.
CREATE TABLE names AS
WITH RECURSIVE pairs AS (
  SELECT person AS one, said->>'other' AS other FROM standing WHERE name = 'pseudonyms-merged'
  UNION SELECT said->>'other', person FROM standing WHERE name = 'pseudonyms-merged'
), reached AS (
  SELECT one, other FROM pairs
  UNION SELECT r.one, p.other FROM reached AS r JOIN pairs AS p ON p.one = r.other
)
SELECT one AS pseudonym, least(one, min(other)) AS person FROM reached GROUP BY one;

-- `recorded` orders what contradicts: the later counts (F24).
CREATE TABLE told AS
SELECT f.* REPLACE (coalesce(n.person, f.person) AS person), (f.time, f.id, f.source, f.record) AS recorded
FROM standing AS f LEFT JOIN names AS n ON n.pseudonym = f.person;

-- D5: of two records that say one start the one recorded last; unless two sources number two accommodations alike.
CREATE TABLE starts AS
WITH each AS (
  SELECT person, source, recorded, said, said->>'placement' AS placement, said->>'accommodation' AS accommodation,
    said->>'region' AS region, said->>'regime' AS regime, (said->>'started_on')::DATE AS started_on
  FROM told WHERE name = 'placement-started'
), of_source AS (
  SELECT * FROM each QUALIFY row_number() OVER (PARTITION BY person, placement, source ORDER BY recorded DESC) = 1
), of_place AS (
  SELECT * FROM of_source
  QUALIFY row_number() OVER (PARTITION BY person, placement, accommodation ORDER BY recorded DESC) = 1
)
SELECT * EXCLUDE (recorded), count(*) OVER (PARTITION BY person, placement) > 1 AS alike FROM of_place;

-- D5: it ends in what names it, the earliest that is not before its start; on one day the doorplaatsing.
-- An open one ends where a later one of the same regime starts: inferred.
CREATE TABLE stays AS
WITH ends AS (
  SELECT s.person, s.placement, s.source, e.source AS ended_by, e.name, e.said,
    coalesce(e.said->>'departed_on', e.said->>'discharged_on')::DATE AS ended_on
  FROM starts AS s JOIN told AS e ON e.person = s.person AND e.said->>'placement' = s.placement
    AND e.name IN ('doorplaatsing-recorded', 'discharge-recorded') AND (NOT s.alike OR e.source = s.source)
    AND coalesce(e.said->>'departed_on', e.said->>'discharged_on')::DATE >= s.started_on
  QUALIFY row_number() OVER (PARTITION BY s.person, s.placement, s.source
    ORDER BY ended_on, e.name = 'discharge-recorded', e.recorded DESC) = 1
), later AS (
  SELECT a.person, a.placement, a.source, min(b.started_on) AS started_on
  FROM starts AS a JOIN starts AS b ON b.person = a.person AND b.regime = a.regime AND b.started_on > a.started_on
  GROUP BY ALL
)
SELECT s.*, coalesce(e.ended_on, later.started_on) AS ended_on,
  CASE
    WHEN e.name = 'doorplaatsing-recorded' THEN 'moved'
    WHEN e.said->>'destination' = 'deceased' THEN 'deceased'
    WHEN e.name IS NOT NULL THEN 'discharged'
    WHEN later.started_on IS NOT NULL THEN 'inferred'
    ELSE 'open'
  END AS how,
  e.ended_by, e.said->>'destination' AS destination, e.said->>'end_mode' AS end_mode,
  row_number() OVER (PARTITION BY s.person ORDER BY s.started_on, coalesce(e.ended_on, later.started_on) NULLS LAST,
    s.placement, s.source) AS place
FROM starts AS s
LEFT JOIN ends AS e ON e.person = s.person AND e.placement = s.placement AND e.source = s.source
LEFT JOIN later ON later.person = s.person AND later.placement = s.placement AND later.source = s.source;

-- D6: discharged and started on one day at one accommodation is an administrative restart: one placement, whatever else
-- was there. Of several that ended on the day it goes on from the last, and of several that start the first goes on.
CREATE TABLE parts AS
WITH RECURSIVE follows AS (
  SELECT b.person, b.place, max(a.place) AS before
  FROM stays AS b JOIN stays AS a ON a.person = b.person AND a.regime = b.regime
    AND a.accommodation = b.accommodation AND a.ended_on = b.started_on AND a.place < b.place
  GROUP BY ALL
), restarts AS (
  SELECT f.* FROM follows AS f JOIN stays AS s ON s.person = f.person AND s.place = f.before WHERE s.how <> 'moved'
  QUALIFY row_number() OVER (PARTITION BY f.person, f.before ORDER BY f.place) = 1
), grouped AS (
  SELECT person, place, place AS part FROM stays ANTI JOIN restarts USING (person, place)
  UNION ALL
  SELECT r.person, r.place, g.part FROM restarts AS r JOIN grouped AS g ON g.person = r.person AND g.place = r.before
)
SELECT s.*, part, first_value(placement) OVER w AS whole, first_value(source) OVER w AS whole_source,
  s.place > part AS restarts
FROM stays AS s JOIN grouped USING (person, place) WINDOW w AS (PARTITION BY s.person, part ORDER BY s.place);

-- Whoever arrives from one that was joined arrives from the whole.
CREATE TABLE wholes AS
WITH joined AS (
  SELECT person, whole AS placement, whole_source AS source, accommodation, regime, min_by(region, place) AS region,
    json_merge_patch(min_by(said, place), json_object(
      'birth_month', min_by(said->>'birth_month', place) FILTER (said->>'birth_month' IS NOT NULL),
      'sex', min_by(said->>'sex', place) FILTER (said->>'sex' IS NOT NULL))) AS said, min(started_on) AS started_on, max_by(how, place) AS how, min(place) AS first_place,
    CASE WHEN max_by(how, place) <> 'open' THEN max_by(ended_on, place) END AS ended_on,
    CASE WHEN max_by(how, place) IN ('moved', 'deceased', 'discharged') THEN max_by(ended_by, place) END AS ended_by,
    CASE WHEN max_by(how, place) IN ('deceased', 'discharged') THEN max_by(destination, place) END AS destination,
    CASE WHEN max_by(how, place) IN ('deceased', 'discharged') THEN max_by(end_mode, place) END AS end_mode
  FROM parts GROUP BY person, whole, whole_source, regime, accommodation, part
), renamed AS (
  SELECT person, placement, max(whole) AS whole FROM parts WHERE placement <> whole GROUP BY person, placement
)
SELECT j.*, coalesce(r.whole, j.said->>'arrives_from') AS arrives_from,
  row_number() OVER (PARTITION BY j.person ORDER BY started_on, ended_on NULLS LAST, j.placement, source) AS whole_place
FROM joined AS j LEFT JOIN renamed AS r ON r.person = j.person AND r.placement = j.said->>'arrives_from';

-- Only regime jw6 (Jeugdwet chapter 6) counts.
CREATE TABLE placements AS
SELECT *, row_number() OVER (PARTITION BY person ORDER BY whole_place) AS place FROM wholes WHERE regime = 'jw6';

-- D6, D7: a placement continues the closure when it starts in it, or at most seven days after it ended in a
-- doorplaatsing (or without a reported end), or arrives from a placement of it that ended at most seven days before.
CREATE TABLE chained AS
WITH RECURSIVE before AS (
  SELECT p.person, p.place,
    max_by(e.place, (coalesce(e.ended_on, DATE '9999-01-01'), e.place)) AS last_place,
    max(coalesce(e.ended_on, DATE '9999-01-01')) AS last_on,
    max(e.place) FILTER (
      e.placement = p.arrives_from AND p.started_on - coalesce(e.ended_on, p.started_on) <= 7) AS came_place
  FROM placements AS p JOIN placements AS e ON e.person = p.person AND e.place < p.place GROUP BY ALL
), linked AS (
  SELECT p.person, p.place, p.started_on < b.last_on AS inside, came_place, last_place,
    (SELECT max(e.place) FROM placements AS e WHERE e.person = p.person AND e.place < p.place
      AND e.ended_on = b.last_on AND e.how IN ('moved', 'inferred') AND p.started_on - b.last_on <= 7) AS moved_place
  FROM placements AS p LEFT JOIN before AS b ON b.person = p.person AND b.place = p.place
), chains AS (
  SELECT person, place, place AS first_place, 1 AS closure_number, NULL::BIGINT AS from_place
  FROM linked WHERE place = 1
  UNION ALL
  SELECT person, place, if(came_from IS NULL, place, first_place), closure_number + (came_from IS NULL)::INT, came_from
  FROM (
    SELECT l.person, l.place, c.first_place, c.closure_number, CASE
        WHEN l.came_place >= c.first_place THEN l.came_place WHEN l.inside THEN l.last_place ELSE l.moved_place
      END AS came_from
    FROM chains AS c JOIN linked AS l ON l.person = c.person AND l.place = c.place + 1
  )
)
SELECT p.*, c.closure_number, c.from_place, coalesce(f.accommodation <> p.accommodation, false) AS doorplaatsing
FROM placements AS p JOIN chains AS c ON c.person = p.person AND c.place = p.place
LEFT JOIN placements AS f ON f.person = p.person AND f.place = c.from_place;

CREATE TABLE closures AS
SELECT person, closure_number, min_by(region, place) AS region, min(started_on) AS started_on,
  CASE WHEN bool_or(how = 'open') THEN NULL ELSE max(ended_on) END AS ended_on,
  max_by(how, (coalesce(ended_on, DATE '9999-01-01'), place)) AS how,
  count(*) FILTER (doorplaatsing) AS doorplaatsingen,
  min(place) AS first_place, max_by(place, (coalesce(ended_on, DATE '9999-01-01'), place)) AS last_place
FROM chained GROUP BY person, closure_number;
