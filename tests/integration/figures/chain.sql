-- Before a stay: referrals, waiting lists, expert teams and national support. What ends a thing is the earliest end
-- that is not before its beginning; of two records that say one beginning the one recorded last counts.

CREATE TABLE referrals AS
WITH made AS (
  SELECT person, said->>'referral' AS referral, said->>'region' AS region, (said->>'referred_on')::DATE AS referred_on,
    recorded, said
  FROM told WHERE name = 'referral-registered'
  QUALIFY row_number() OVER (PARTITION BY person, referral ORDER BY recorded DESC) = 1
)
SELECT m.*, (e.said->>'closed_on')::DATE AS closed_on, e.said->>'outcome' AS outcome,
  e.said->>'alternative' AS alternative,
  (SELECT min(p.started_on) FROM chained AS p WHERE p.person = m.person AND p.started_on >= m.referred_on) AS placed_on
FROM made AS m LEFT JOIN told AS e ON e.name = 'referral-closed' AND e.person = m.person
  AND e.said->>'referral' = m.referral AND (e.said->>'closed_on')::DATE >= m.referred_on
QUALIFY row_number() OVER (PARTITION BY m.person, m.referral ORDER BY closed_on, e.recorded) = 1;

-- By what somebody is split who need not be inside: the latest referral, or else the last placement by the day.
CREATE MACRO region_on(whose, on_day) AS coalesce(
  (SELECT max_by(region, (referred_on, recorded)) FROM referrals WHERE person = whose),
  (SELECT max_by(region, place) FROM parts WHERE person = whose AND started_on <= on_day AND NOT restarts),
  'unknown-region');

CREATE TABLE lists AS
WITH begun AS (
  SELECT person, said->>'waiting' AS waiting, (said->>'started_on')::DATE AS started_on, said
  FROM told WHERE name = 'waiting-started'
  QUALIFY row_number() OVER (PARTITION BY person, waiting ORDER BY recorded DESC) = 1
)
SELECT b.person, b.waiting, b.started_on, b.said->>'for' AS setting, b.said->>'interim' AS interim,
  min((e.said->>'ended_on')::DATE) AS ended_on
FROM begun AS b LEFT JOIN told AS e ON e.name = 'waiting-ended' AND e.person = b.person
  AND e.said->>'waiting' = b.waiting AND (e.said->>'ended_on')::DATE >= b.started_on
GROUP BY ALL;

CREATE TABLE waiting_list AS
SELECT person, setting, d AS day, if(bool_or(interim IS NOT NULL), 'with', 'without') AS interim,
  d - min(started_on) AS days
FROM lists, question WHERE started_on <= d AND (ended_on IS NULL OR ended_on > d) GROUP BY person, setting, d;

CREATE TABLE consults AS
WITH asked AS (
  SELECT person, said->>'consult' AS consult, (said->>'requested_on')::DATE AS requested_on, recorded,
    said->>'team_region' AS region
  FROM told WHERE name = 'expert-advice-requested'
  QUALIFY row_number() OVER (PARTITION BY person, consult ORDER BY recorded DESC) = 1
), given AS (
  SELECT person, said->>'consult' AS consult, (said->>'issued_on')::DATE AS issued_on, recorded,
    said->>'team_region' AS region, said->>'binding' = 'true' AS binding
  FROM told WHERE name = 'expert-advice-issued'
  QUALIFY row_number() OVER (PARTITION BY person, consult ORDER BY recorded DESC) = 1
), followed AS (
  SELECT person, said->>'consult' AS consult, said->>'status' AS status,
    min((said->>'followed_up_on')::DATE) AS followed_up_on
  FROM told WHERE name = 'expert-advice-followed-up' GROUP BY ALL
)
SELECT person, consult, requested_on, issued_on, binding, coalesce(g.region, a.region) AS region,
  e.followed_up_on <= issued_on + 42 IS TRUE AS executed, v.followed_up_on <= issued_on + 42 IS TRUE AS deviated
FROM asked AS a FULL JOIN given AS g USING (person, consult)
LEFT JOIN (SELECT * FROM followed WHERE status = 'executed') AS e USING (person, consult)
LEFT JOIN (SELECT * FROM followed WHERE status = 'deviated') AS v USING (person, consult);

CREATE TABLE supports AS
WITH begun AS (
  SELECT person, said->>'support' AS support, said->>'reason' AS reason, (said->>'on')::DATE AS requested_on
  FROM told WHERE name = 'support-requested'
  QUALIFY row_number() OVER (PARTITION BY person, support ORDER BY recorded DESC) = 1
)
SELECT b.*, (e.said->>'on')::DATE AS resolved_on, e.said->>'result' AS result
FROM begun AS b LEFT JOIN told AS e ON e.name = 'support-resolved' AND e.person = b.person
  AND e.said->>'support' = b.support AND (e.said->>'on')::DATE >= b.requested_on
QUALIFY row_number() OVER (PARTITION BY b.person, b.support ORDER BY resolved_on, e.recorded) = 1;

-- Each title that waits to be executed: none that is voorwaardelijk, was granted during a closure, or was executed
-- before its grant.
CREATE TABLE waiting_titles AS
WITH titled AS (
  SELECT person, machtiging, kind, granted_on, valid_from, said->>'extends' AS extends,
    greatest(granted_on, valid_from) AS from_on, least(ended_on, lapsed_on, valid_until) AS over_on
  FROM held WHERE kind <> 'voorwaardelijk'
), placed AS (
  SELECT *, (SELECT min(p.started_on) FROM chained AS p
    WHERE p.person = t.person AND p.started_on >= from_on) AS placed_on
  FROM titled AS t
)
SELECT * EXCLUDE (granted_on, valid_from), least(over_on, placed_on) AS until_on FROM placed AS h
WHERE over_on > from_on AND NOT EXISTS (
  SELECT 1 FROM closures AS c WHERE c.person = h.person AND (
    c.started_on < granted_on AND coalesce(c.ended_on > granted_on, true)
    OR c.started_on < from_on AND coalesce(c.ended_on > valid_from, true)));

-- Nobody waits on one that extends another, unless nobody was placed on that. Those that adjoin or overlap are one.
CREATE TABLE unexecuted AS
WITH RECURSIVE single AS (
  SELECT person, machtiging, from_on, until_on, placed_on FROM waiting_titles WHERE extends IS NULL
  UNION
  SELECT w.person, w.machtiging, w.from_on, w.until_on, w.placed_on FROM waiting_titles AS w
  JOIN single AS s ON s.person = w.person AND s.machtiging = w.extends AND s.until_on IS DISTINCT FROM s.placed_on
), begins AS (
  SELECT *, coalesce(from_on > max(until_on) OVER (PARTITION BY person ORDER BY from_on, until_on
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS anew FROM single
), runs AS (
  SELECT *, sum(anew::INT) OVER (PARTITION BY person ORDER BY from_on, until_on) AS run FROM begins
)
SELECT person, min(from_on) AS from_on, max(until_on) AS until_on FROM runs GROUP BY person, run;

CREATE TABLE closed_referrals AS
SELECT *, least(placed_on, closed_on) AS until_on, placed_on <= coalesce(closed_on, placed_on) AS placed
FROM referrals WHERE said->>'requested' IN ('gesloten', 'besloten', 'hybride');

CREATE TABLE chain AS
SELECT person, referral, region, referred_on AS day, year(referred_on)::VARCHAR AS year, said->>'urgency' AS urgency,
  said->>'referrer' AS referrer, coalesce(alternative, 'unknown') AS alternative, CASE
    WHEN until_on IS NULL OR until_on > d THEN 'waiting'
    WHEN placed THEN 'placed'
    WHEN outcome = 'placed' THEN 'reported-placed'
    ELSE outcome
  END AS became,
  (SELECT min(c.issued_on) FROM consults AS c WHERE c.person = w.person AND c.issued_on >= referred_on
    AND (until_on IS NULL OR c.issued_on <= until_on) AND c.issued_on <= d) - referred_on AS advice_days,
  (SELECT min(greatest(u.from_on - referred_on, 0)) FROM unexecuted AS u
    WHERE u.person = w.person AND u.from_on <= d AND (u.until_on > referred_on OR u.from_on >= referred_on)
      AND (w.until_on IS NULL OR u.from_on < w.until_on OR u.from_on = w.until_on AND w.placed_on = w.until_on)
  ) AS machtiging_days,
  if(became = 'placed', placed_on - referred_on, NULL) AS placed_days, placed_on <= d AS placed_by_then
FROM closed_referrals AS w, question WHERE referred_on >= a AND referred_on < b AND referred_on <= d;
