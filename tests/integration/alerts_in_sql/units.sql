-- Alerts about no young person, by days: accommodations, whether anybody registered them or not, and youth regions.

CREATE TABLE calendar AS
SELECT CAST(day AS DATE) AS day
FROM question, unnest(generate_series(TIMESTAMP '2022-01-01', d - 1, INTERVAL 1 DAY)) AS s(day);

-- Of two records that say one start of places the one recorded last. `shut`: closed, and not opened again since.
CREATE TABLE place_changes AS
SELECT said->>'accommodation' AS accommodation, coalesce(said->>'group', '') AS of_group,
  (said->>'from_on')::DATE AS from_on, (said->>'places')::INT AS places, (said->>'group_size')::INT AS group_size
FROM told WHERE name = 'capacity-changed'
QUALIFY row_number() OVER (PARTITION BY accommodation, of_group, from_on ORDER BY time DESC, source DESC, id DESC) = 1;

CREATE TABLE register_changes AS
SELECT said->>'accommodation' AS accommodation, name = 'accommodation-closed' AS closes, (said->>'on')::DATE AS on_day,
  (on_day, NOT closes, time, source, id) AS place
FROM told WHERE name IN ('accommodation-registered', 'accommodation-closed');

CREATE TABLE accommodation_days AS
WITH known AS (
  SELECT DISTINCT accommodation FROM place_changes UNION SELECT DISTINCT accommodation FROM register_changes
  UNION SELECT DISTINCT accommodation FROM chained
), groups AS (
  SELECT day, c.accommodation, c.of_group, max_by((c.places, c.group_size), c.from_on) AS now
  FROM calendar JOIN place_changes AS c ON c.from_on <= day GROUP BY ALL
), places AS (
  SELECT day, accommodation, sum(now[1])::INT AS places, coalesce(bool_or(now[1] > 0 AND now[2] > 6), false) AS large
  FROM groups GROUP BY ALL
), shut AS (
  SELECT day, r.accommodation, max_by(r.closes, r.place) AS shut
  FROM calendar JOIN register_changes AS r ON r.on_day <= day
  GROUP BY ALL
), heads AS (
  SELECT day, accommodation, count(*) AS heads FROM calendar
  JOIN chained ON started_on <= day AND (ended_on IS NULL OR ended_on > day) GROUP BY ALL
)
SELECT day, accommodation, coalesce(shut, false) AS shut, if(coalesce(shut, false), 0, coalesce(places, 0)) AS places,
  large IS TRUE AND shut IS NOT TRUE AS large, coalesce(heads, 0) AS heads
FROM calendar CROSS JOIN known LEFT JOIN places USING (day, accommodation) LEFT JOIN shut USING (day, accommodation)
LEFT JOIN heads USING (day, accommodation);

CREATE TABLE occupancy_days AS
WITH beyond AS (
  SELECT rule, threshold, valid_from, r.days, accommodation, day,
    places > 0 AND if(threshold = 'low', 100 * a.heads < percent * places, 100 * a.heads > percent * places) AS beyond
  FROM accommodation_days AS a, rules AS r WHERE rule = 'A17'
), runs AS (
  SELECT *, day - row_number() OVER (PARTITION BY threshold, valid_from, accommodation ORDER BY day)::INT AS run
  FROM beyond WHERE beyond
)
SELECT rule, threshold, valid_from, '' AS person, accommodation AS about, day FROM runs
QUALIFY day - min(day) OVER (PARTITION BY threshold, valid_from, accommodation, run) >= days;

-- Its last place goes on the day from which on it has none for good, though it had some, or is closed.
CREATE TABLE closing_days AS
WITH gone AS (
  SELECT accommodation, max(day) FILTER (places > 0 OR NOT shut AND NOT had) + 1 AS gone_on
  FROM (SELECT *, bool_or(places > 0) OVER (PARTITION BY accommodation ORDER BY day) AS had FROM accommodation_days)
  GROUP BY accommodation
)
SELECT rule, threshold, valid_from, '' AS person, accommodation AS about, day
FROM accommodation_days JOIN gone USING (accommodation), rules, question
WHERE rule = 'A18' AND gone_on < d AND day >= gone_on - days AND accommodation_days.heads > 0;

CREATE TABLE large_days AS
SELECT rule, threshold, valid_from, '' AS person, accommodation AS about, day FROM accommodation_days, rules
WHERE rule = 'A20' AND large;

CREATE TABLE region_days AS
WITH meetings AS (
  SELECT unnest(from_json(said->'regions', '["VARCHAR"]')) AS region, (said->>'held_on')::DATE AS held_on
  FROM (FROM told WHERE name = 'consultation-held'
    QUALIFY row_number() OVER (PARTITION BY source, said->>'consultation' ORDER BY recorded DESC) = 1)
), adopted AS (
  SELECT said->>'scope' AS scope, (said->>'adopted_on')::DATE AS adopted_on, (said->>'valid_until')::DATE AS valid_until
  FROM told WHERE name = 'plan-adopted'
  QUALIFY row_number() OVER (PARTITION BY source, said->>'plan' ORDER BY recorded DESC) = 1
), plans AS (
  SELECT a.scope, a.adopted_on, coalesce(a.valid_until, (SELECT min(b.adopted_on) FROM adopted AS b
    WHERE b.scope = a.scope AND b.adopted_on > a.adopted_on)) AS valid_until
  FROM adopted AS a
)
SELECT rule, threshold, valid_from, '' AS person, region AS about, day
FROM areas AS r, calendar AS c, rules
WHERE rule = 'A25' AND CASE threshold
    WHEN '183-days' THEN day - days >= coalesce(
      (SELECT max(held_on) FROM meetings AS m WHERE m.region = r.region AND held_on <= c.day),
      (SELECT min(held_on) FROM meetings))
    ELSE day >= (SELECT min(adopted_on) FROM plans) AND NOT EXISTS (
      SELECT 1 FROM plans AS p WHERE p.scope IN (r.region, r.area, 'country') AND adopted_on <= day
        AND (valid_until IS NULL OR valid_until > day))
  END;

CREATE TABLE of_units AS
FROM spells_of('occupancy_days') UNION ALL FROM spells_of('closing_days') UNION ALL FROM spells_of('large_days')
UNION ALL FROM spells_of('region_days');
