-- The metrics of docs/metrics.md that speak of young people and places, on d: what is open, how long, and what was.

CREATE TABLE opened AS
SELECT c.person, c.closure_number, c.area, c.started_on, d - c.started_on AS days, title_on(c.person, d) AS title,
  -- The first day that no title covers any more, in one piece with d.
  (SELECT min(t.until_on) FROM titles AS t WHERE t.person = c.person AND t.until_on > d AND NOT EXISTS (
    SELECT 1 FROM titles AS u WHERE u.person = c.person AND u.from_on <= t.until_on AND u.until_on > t.until_on)) - d
    AS days_left,
  d - greatest(c.started_on, (SELECT max(t.until_on) FROM titles AS t WHERE t.person = c.person AND t.until_on <= d))
    AS days_without
FROM (SELECT o.*, areas.area FROM of_closures AS o JOIN areas USING (region)) AS c, question
WHERE c.started_on <= d AND (c.ended_on IS NULL OR c.ended_on > d);

-- Who waits: on a referral for a closed place, with the title that waits during it; or on a title without a referral.
CREATE TABLE waits AS
WITH asked AS (
  SELECT person, referred_on, placed_on, least(placed_on, closed_on) AS over_on FROM referrals
  WHERE said->>'requested' IN ('gesloten', 'besloten', 'hybride')
), during AS (
  SELECT a.*, u.from_on, u.until_on FROM asked AS a JOIN unexecuted AS u ON u.person = a.person
    AND (u.until_on > a.referred_on OR u.from_on >= a.referred_on)
    AND (over_on IS NULL OR u.from_on < over_on OR u.from_on = over_on AND over_on = placed_on)
), waiting AS (
  SELECT person, referred_on AS since_on, over_on, (SELECT max(from_on) FROM during AS t, question
    WHERE t.person = a.person AND t.referred_on = a.referred_on AND from_on <= d AND until_on > d) AS title_on
  FROM asked AS a
  UNION ALL
  SELECT person, from_on, until_on, from_on FROM unexecuted AS u
  WHERE NOT EXISTS (SELECT 1 FROM during AS t WHERE t.person = u.person AND t.from_on = u.from_on)
)
SELECT person, if(title_on IS NULL, 'none', 'granted') AS title, since_on, title_on, d - since_on AS days,
  d - coalesce(title_on, since_on) AS title_days
FROM waiting, question WHERE since_on <= d AND coalesce(over_on > d, true);

-- The labels of which each is exported, with 0 where there is nothing.
CREATE TABLE known_areas AS SELECT DISTINCT area FROM areas;
CREATE TABLE known_titles AS SELECT unnest(['regulier', 'spoed', 'voorwaardelijk', 'none']) AS title;
CREATE TABLE known_waits AS SELECT unnest(['granted', 'none']) AS title;
CREATE TABLE known_kinds AS SELECT unnest(['within-provider', 'between-providers', 'unknown']) AS kind;
CREATE TABLE known_modes AS SELECT unnest(['gesloten', 'besloten', 'hybride', 'open']) AS mode;
CREATE TABLE known_codes AS SELECT 'F' || unnest(range(1, 27)) AS code;
CREATE MACRO steps(numbers) AS TABLE SELECT unnest(numbers) AS step;

-- What lasts how long, and what lasted how long.
CREATE TABLE lasting AS
SELECT 'doorstroom_open_closure_age_seconds' AS name, days FROM opened
UNION ALL
SELECT 'doorstroom_closure_duration_seconds', ended_on - started_on FROM closures, question WHERE ended_on <= d
UNION ALL
SELECT 'doorstroom_placement_duration_seconds', ended_on - started_on FROM chained, question WHERE ended_on <= d
UNION ALL
SELECT 'doorstroom_waiting_age_seconds', days FROM waits;

CREATE TABLE samples AS
SELECT 'doorstroom_open_closures' AS name, MAP {'area': area, 'title': title} AS labels, count(person) AS number
FROM known_areas CROSS JOIN known_titles LEFT JOIN opened USING (area, title) GROUP BY ALL
UNION ALL
SELECT 'doorstroom_open_closures_over_threshold', MAP {'area': a.area, 'threshold': step || 'd'}, count(person)
FROM known_areas AS a CROSS JOIN steps([91, 183, 274, 365, 548, 730])
LEFT JOIN opened AS o ON o.area = a.area AND days >= step GROUP BY ALL
UNION ALL
SELECT 'doorstroom_closures_without_title_over_threshold', MAP {'area': a.area, 'threshold': step || 'd'}, count(person)
FROM known_areas AS a CROSS JOIN steps([5, 14])
LEFT JOIN opened AS o ON o.area = a.area AND title = 'none' AND days_without >= step GROUP BY ALL
UNION ALL
SELECT 'doorstroom_oldest_open_closure_start_timestamp_seconds', MAP {}, epoch(min(started_on))
FROM opened HAVING count(*) > 0
UNION ALL
SELECT 'doorstroom_placements_started_total', MAP {}, count(*) FROM chained, question WHERE started_on <= d
UNION ALL
SELECT 'doorstroom_discharges_total', MAP {}, count(*) FROM chained, question
WHERE ended_on <= d AND how IN ('discharged', 'deceased')
UNION ALL
SELECT 'doorstroom_doorplaatsingen_total', MAP {'kind': kind}, count(day)
FROM known_kinds LEFT JOIN (SELECT kind, day FROM links, question WHERE day <= d) USING (kind) GROUP BY ALL
UNION ALL
SELECT 'doorstroom_replacements_total', MAP {'within': step || 'd'}, count(*) FILTER (started_on - left_on <= step)
FROM returns, question, steps([30, 90, 180, 365]) WHERE started_on <= d GROUP BY ALL
UNION ALL
SELECT 'doorstroom_replacements_total', MAP {'within': 'ever'}, count(left_on) FROM returns, question
WHERE started_on <= d
UNION ALL
SELECT 'doorstroom_closures_without_title', MAP {}, count(*) FROM opened WHERE title = 'none'
UNION ALL
SELECT 'doorstroom_machtigingen_expiring', MAP {'within': step || 'd'},
  count(*) FILTER (title <> 'none' AND days_left <= step)
FROM opened, steps([7, 21, 42, 60]) GROUP BY ALL
UNION ALL
SELECT 'doorstroom_waiting', MAP {'title': title}, count(person) FROM known_waits LEFT JOIN waits USING (title)
GROUP BY ALL
UNION ALL
SELECT 'doorstroom_waiting_over_threshold', MAP {'title': t.title, 'threshold': step || 'd'}, count(person)
FROM known_waits AS t CROSS JOIN steps([14, 42, 63]) LEFT JOIN waits AS w ON w.title = t.title AND title_days >= step
GROUP BY ALL
UNION ALL
SELECT 'doorstroom_places', MAP {'closure': mode}, coalesce(sum(places), 0)
FROM known_modes LEFT JOIN (SELECT mode, places FROM places, question WHERE day = d) USING (mode) GROUP BY ALL
UNION ALL
SELECT 'doorstroom_occupied_places', MAP {}, count(DISTINCT person) FROM chained, question
WHERE started_on <= d AND (ended_on IS NULL OR ended_on > d)
UNION ALL
SELECT 'doorstroom_flags', MAP {'code': k.code}, count(f.code)
FROM known_codes AS k LEFT JOIN flags AS f USING (code) GROUP BY ALL;

-- Buckets by their edge in seconds: what lasted at most so long. A sum is in seconds as well.
CREATE TABLE buckets AS
WITH edges AS (
  SELECT DISTINCT name, if(name LIKE '%waiting%', [7, 14, 28, 42, 63, 91, 183, 365],
    [1, 7, 14, 28, 42, 61, 91, 183, 274, 365, 548, 730, 1095]) AS days FROM lasting
)
SELECT name, edge * 86400 AS edge_seconds, count(*) FILTER (l.days <= edge) AS number, count(*) AS all_of_them,
  sum(l.days) * 86400 AS seconds
FROM lasting AS l JOIN (SELECT name, unnest(days) AS edge FROM edges) AS e USING (name) GROUP BY name, edge;

-- The last 30 days up to and with d, and the 365 before them: what happened, and the days on which it could have.
CREATE TABLE processes AS
WITH windows AS (
  SELECT 'recent' AS part, d - 29 AS first_on, d + 1 AS after_on FROM question
  UNION ALL SELECT 'before', d - 29 - 365, d - 29 FROM question
), spans AS (
  SELECT 'doorplaatsing' AS process, started_on AS from_on, coalesce(ended_on, DATE '9999-01-01') AS until_on
  FROM chained
  UNION ALL
  SELECT 'replacement', ended_on, least(coalesce(back_on, DATE '9999-01-01'), ended_on + 91) FROM returns
  WHERE ended_on IS NOT NULL AND NOT died
), happened AS (
  SELECT 'doorplaatsing' AS process, day FROM links
  UNION ALL SELECT 'replacement', started_on FROM returns WHERE NOT left_dead AND started_on - left_on <= 90
), days AS (
  SELECT process, part, sum(greatest(0, least(until_on, after_on) - greatest(from_on, first_on))) AS days
  FROM spans, windows GROUP BY ALL
)
SELECT process, part, days::INT AS days, (SELECT count(*) FROM happened AS h
  WHERE h.process = y.process AND h.day >= w.first_on AND h.day < w.after_on) AS number
FROM days AS y JOIN windows AS w USING (part);
