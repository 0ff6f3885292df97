-- Machtigingen: what was granted, until when it holds, which days it allows (D10), and what became of it; and requests.

CREATE TABLE grants AS
SELECT person, source, recorded, said->>'machtiging' AS machtiging, said->>'request' AS request, said->>'kind' AS kind,
  said,
  coalesce(said->>'court', 'unknown') AS court, (said->>'granted_on')::DATE AS granted_on,
  (said->>'valid_from')::DATE AS valid_from, (said->>'valid_until')::DATE AS valid_until
FROM told WHERE name = 'machtiging-granted'
QUALIFY row_number() OVER (PARTITION BY person, machtiging ORDER BY recorded DESC) = 1;

-- After consent is withdrawn a stay may last 14 days more, under a spoed the rest of its term.
CREATE TABLE order_ends AS
SELECT e.person, e.said->>'machtiging' AS machtiging, (e.said->>'ended_on')::DATE AS ended_on,
  e.said->>'cause' AS cause,
  CASE WHEN cause <> 'consent-withdrawn' THEN ended_on WHEN g.kind = 'spoed' THEN g.valid_until ELSE ended_on + 14 END
    AS leaves_on, e.recorded
FROM told AS e JOIN grants AS g ON g.person = e.person AND g.machtiging = e.said->>'machtiging'
WHERE name = 'machtiging-ended';

-- The earliest end counts. Of a regulier or a spoed that nobody executed for three calendar months nothing is left.
CREATE TABLE held AS
WITH ends AS (
  SELECT * REPLACE (min(leaves_on) OVER (PARTITION BY person, machtiging) AS leaves_on) FROM order_ends
  QUALIFY row_number() OVER (PARTITION BY person, machtiging ORDER BY ended_on, recorded DESC) = 1
), stopping AS (
  SELECT g.*, e.ended_on, e.cause, least(valid_until, leaves_on) AS stops_on,
    CAST(valid_from + INTERVAL 3 MONTH AS DATE) AS three_months_on
  FROM grants AS g LEFT JOIN ends AS e USING (person, machtiging)
), lapsing AS (
  SELECT *, CASE WHEN kind <> 'voorwaardelijk' AND three_months_on < stops_on AND NOT EXISTS (
      SELECT 1 FROM stays AS s WHERE s.person = stopping.person AND s.regime = 'jw6' AND s.started_on < three_months_on
        AND (s.ended_on IS NULL OR s.ended_on > valid_from OR s.started_on >= valid_from)
    ) THEN three_months_on END AS lapsed_on
  FROM stopping
)
SELECT *, coalesce(lapsed_on, stops_on) AS holds_until FROM lapsing;

-- A suspension lasts until the first resumption that is not before it, and that did not end one before it.
CREATE TABLE suspensions AS
WITH stops AS (
  SELECT person, source, said->>'machtiging' AS machtiging, (said->>'suspended_on')::DATE AS on_day
  FROM told WHERE name = 'machtiging-suspended'
), goes AS (
  SELECT person, said->>'machtiging' AS machtiging, (said->>'resumed_on')::DATE AS on_day
  FROM told WHERE name = 'machtiging-resumed'
)
SELECT s.person, s.source, s.machtiging, s.on_day AS from_on, min(g.on_day) AS until_on
FROM stops AS s LEFT JOIN goes AS g ON g.person = s.person AND g.machtiging = s.machtiging AND g.on_day >= s.on_day
  AND (g.on_day > s.on_day OR NOT EXISTS (
    SELECT 1 FROM stops AS t WHERE t.person = s.person AND t.machtiging = s.machtiging AND t.on_day < s.on_day
      AND NOT EXISTS (SELECT 1 FROM goes AS h WHERE h.person = s.person AND h.machtiging = s.machtiging
        AND h.on_day >= t.on_day AND h.on_day < s.on_day)))
GROUP BY ALL;

-- A voorwaardelijke allows nothing by itself: it counts from a stay that names it, for six calendar months at most. Of
-- the stays of one closure, and of the parts of one (D6), from the first that names it.
CREATE TABLE admissions AS
SELECT h.person, h.machtiging, min(s.started_on) AS started_on, greatest(min(s.started_on), any_value(h.valid_from))
    AS from_on, CAST(min(s.started_on) + INTERVAL 6 MONTH AS DATE) AS six_months_on
FROM held AS h JOIN parts AS s ON s.person = h.person AND s.said->>'machtiging' = h.machtiging AND s.regime = 'jw6'
JOIN chained AS c ON c.person = s.person AND c.placement = s.whole AND c.source = s.whole_source
WHERE h.kind = 'voorwaardelijk' GROUP BY h.person, h.machtiging, c.closure_number;

CREATE TABLE titles AS
WITH terms AS (
  SELECT person, machtiging, kind, said->>'legal_frame' AS frame, valid_from AS from_on, holds_until AS until_on
  FROM held WHERE kind <> 'voorwaardelijk'
  UNION ALL
  SELECT h.person, h.machtiging, h.kind, h.said->>'legal_frame', a.from_on, least(six_months_on, h.holds_until)
  FROM held AS h JOIN admissions AS a USING (person, machtiging)
), days AS (
  SELECT t.*, CAST(day AS DATE) AS day
  FROM terms AS t, unnest(generate_series(from_on, until_on - 1, INTERVAL 1 DAY)) AS each(day)
  WHERE NOT EXISTS (SELECT 1 FROM suspensions AS s WHERE s.person = t.person AND s.machtiging = t.machtiging
    AND s.from_on <= day AND coalesce(s.until_on > day, true))
), runs AS (
  SELECT *, day - row_number() OVER (PARTITION BY person, machtiging, from_on, until_on ORDER BY day)::INT AS run
  FROM days
)
SELECT person, machtiging, kind, frame, min(day) AS from_on, max(day) + 1 AS until_on
FROM runs GROUP BY person, machtiging, kind, frame, runs.from_on, runs.until_on, run;

CREATE MACRO title_on(whose, on_day) AS coalesce((
  SELECT max_by(kind, (until_on, from_on, machtiging)) FROM titles
  WHERE person = whose AND from_on <= on_day AND until_on > on_day
), 'none');

CREATE TABLE machtigingen AS
WITH terms AS (
  SELECT person, machtiging, valid_from AS from_on, least(ended_on, lapsed_on, valid_until) AS until_on
  FROM held WHERE kind <> 'voorwaardelijk'
  UNION ALL SELECT person, machtiging, from_on, until_on FROM titles WHERE kind = 'voorwaardelijk'
), executed AS (
  SELECT t.person, t.machtiging, min(greatest(p.started_on, t.from_on)) AS executed_on
  FROM terms AS t JOIN chained AS p ON p.person = t.person AND p.started_on < t.until_on
    AND (p.ended_on IS NULL OR p.ended_on > t.from_on OR p.started_on >= t.from_on)
  WHERE t.from_on < t.until_on GROUP BY ALL
)
SELECT person, machtiging, kind, court, granted_on AS day, CASE
    WHEN executed_on <= d THEN 'executed'
    WHEN least(ended_on, lapsed_on, valid_until) > d THEN 'running'
    WHEN ended_on <= least(lapsed_on, valid_until) THEN if(cause = 'not-executed', 'lapsed', 'ended')
    WHEN lapsed_on <= valid_until THEN 'lapsed'
    ELSE 'expired'
  END AS became
FROM held LEFT JOIN executed USING (person, machtiging), question
WHERE granted_on >= a AND granted_on < b AND granted_on <= d;

-- Requests that were made by d. The first answer counts, on one day the grant.
CREATE TABLE requests AS
WITH made AS (
  SELECT person, said->>'request' AS request, (said->>'requested_on')::DATE AS requested_on
  FROM told WHERE name = 'machtiging-requested'
  QUALIFY row_number() OVER (PARTITION BY person, request ORDER BY recorded DESC) = 1
), answers AS (
  SELECT person, request, granted_on AS answered_on, 'granted' AS answer FROM grants
  UNION ALL
  SELECT person, said->>'request', (said->>'refused_on')::DATE, 'refused' FROM told WHERE name = 'machtiging-refused'
)
SELECT m.*, min_by(answer, (answered_on, answer)) AS answer, min(answered_on) AS answered_on
FROM made AS m LEFT JOIN answers USING (person, request), question WHERE requested_on <= d GROUP BY ALL;
