-- Closures as figures ask of them. `question` is one row: d, and the window [a, b); `areas` says where a region lies.

CREATE TABLE of_closures AS
SELECT c.person, c.closure_number, c.region, c.started_on, c.ended_on, f.said AS began, l.how, l.destination, l.end_mode
FROM closures AS c
JOIN chained AS f ON f.person = c.person AND f.place = c.first_place
JOIN chained AS l ON l.person = c.person AND l.place = c.last_place;

-- D4: a row for each day before d inside a placement; of a day in two at once the one that began first.
CREATE TABLE care AS
SELECT person, closure_number, place, placement, source, accommodation, CAST(day AS DATE) AS day
FROM chained, question, unnest(generate_series(started_on, coalesce(ended_on, d) - 1, INTERVAL 1 DAY)) AS days(day)
WHERE day < d
QUALIFY row_number() OVER (PARTITION BY person, closure_number, day ORDER BY place) = 1;

-- What was said of the register, in order: on one day a registration after a closing.
CREATE TABLE register AS
SELECT said->>'accommodation' AS accommodation, said->>'region' AS region, said->>'provider' AS provider,
  name = 'accommodation-closed' AS closes, (said->>'on')::DATE AS said_on,
  (said_on, NOT closes, time, source, id) AS place
FROM told WHERE name IN ('accommodation-registered', 'accommodation-closed');

CREATE MACRO is_closed(which, on_day) AS (
  SELECT max_by(closes, place) FROM register WHERE accommodation = which AND said_on <= on_day);

-- The register as it said last, whatever the date.
CREATE TABLE registered AS
SELECT accommodation, max_by(region, place) FILTER (region IS NOT NULL) AS region,
  max_by(provider, place) FILTER (provider IS NOT NULL) AS provider
FROM register GROUP BY accommodation;

-- By what a closure is split on a day.
CREATE MACRO provider_on(whose, closure, on_day) AS coalesce((
  SELECT max_by(r.provider, p.place) FROM chained AS p LEFT JOIN registered AS r USING (accommodation)
  WHERE p.person = whose AND p.closure_number = closure AND p.started_on <= on_day AND p.place = (
    SELECT max(q.place) FROM chained AS q
    WHERE q.person = whose AND q.closure_number = closure AND q.started_on <= on_day)
), 'unknown');
CREATE MACRO provider_of(which) AS coalesce((
  SELECT provider FROM registered WHERE accommodation = which), 'unknown');
CREATE MACRO area_of(which) AS (SELECT area FROM areas WHERE areas.region = which);
CREATE MACRO sex_in(whose, closure) AS coalesce((
  SELECT min_by(said->>'sex', place) FILTER (said->>'sex' IS NOT NULL) FROM chained
  WHERE person = whose AND closure_number = closure
), 'unknown');
CREATE MACRO age_of(month, on_day) AS CASE
  WHEN month IS NULL THEN 'unknown'
  WHEN datediff('month', (month || '-01')::DATE, on_day) < 12 * 12 THEN 'under-12'
  WHEN datediff('month', (month || '-01')::DATE, on_day) < 14 * 12 THEN '12-13'
  WHEN datediff('month', (month || '-01')::DATE, on_day) < 16 * 12 THEN '14-15'
  WHEN datediff('month', (month || '-01')::DATE, on_day) < 18 * 12 THEN '16-17'
  ELSE '18-plus' END;
CREATE MACRO age_in(whose, closure, on_day) AS age_of((
  SELECT min_by(said->>'birth_month', place) FILTER (said->>'birth_month' IS NOT NULL) FROM chained
  WHERE person = whose AND closure_number = closure
), on_day);

CREATE MACRO group_of(situation) AS CASE
  WHEN situation IN ('home', 'network', 'foster-care', 'family-home') THEN 'family-like'
  WHEN situation IN ('open-residential', 'three-milieu', 'ggz-open', 'assisted-living', 'crisis-care', 'respite')
    THEN 'with-help'
  WHEN situation IN ('closed-jw6', 'ggz-wvggz', 'wzd', 'jji') THEN 'closed-frame'
  WHEN situation IN ('independent', 'abroad', 'homeless', 'runaway') THEN 'elsewhere'
  ELSE 'not-told' END;

CREATE TABLE destinations AS
SELECT person, closure_number, region, ended_on AS day, year(ended_on)::VARCHAR AS year, CASE
    WHEN how = 'moved' THEN 'no-arrival'
    WHEN 'deceased' IN (destination, end_mode) THEN 'death'
    ELSE group_of(destination)
  END AS destination_group,
  CASE WHEN 'deceased' IN (destination, end_mode) THEN 'deceased' ELSE end_mode END AS end_mode
FROM of_closures, question WHERE ended_on >= a AND ended_on < b AND ended_on <= d;

CREATE TABLE origins AS
WITH said AS (
  SELECT *, coalesce(nullif(began->>'origin', 'deceased'), 'unknown') AS origin FROM of_closures
)
SELECT person, closure_number, region, started_on AS day, year(started_on)::VARCHAR AS year, origin,
  group_of(origin) AS origin_group, began->>'route' AS route
FROM said, question WHERE started_on >= a AND started_on < b AND started_on <= d;

CREATE TABLE nearness AS
SELECT p.person, p.placement, p.closure_number, p.region, p.started_on AS day, year(p.started_on)::VARCHAR AS year,
  p.place = c.first_place AS begins, CASE
    WHEN r.region IS NULL THEN 'unknown'
    WHEN r.region = p.region THEN 'own-region'
    WHEN theirs.area = own.area THEN 'own-area'
    ELSE 'other-area'
  END AS nearness
FROM chained AS p JOIN closures AS c USING (person, closure_number) JOIN areas AS own ON own.region = p.region
LEFT JOIN registered AS r ON r.accommodation = p.accommodation
LEFT JOIN areas AS theirs ON theirs.region = r.region, question
WHERE p.started_on >= a AND p.started_on < b AND p.started_on <= d;
