-- Alerts about titles. A care day that no title allows is uncovered (D10).

CREATE TABLE uncovered AS
WITH days AS (
  SELECT k.person, k.closure_number, k.day FROM care AS k
  WHERE NOT EXISTS (SELECT 1 FROM titles AS t WHERE t.person = k.person AND t.from_on <= k.day AND t.until_on > k.day)
), rows AS (
  SELECT *, day - row_number() OVER (PARTITION BY person, closure_number ORDER BY day)::INT AS run FROM days
)
SELECT u.person, u.closure_number, min(day) AS from_on, max(day) + 1 AS until_on, about, i.until_on AS left_on, i.why
FROM rows AS u JOIN inside AS i USING (person, closure_number)
GROUP BY u.person, u.closure_number, run, about, i.until_on, i.why;

-- Each gap is a case: after a machtiging, in one that is suspended or whose six months of admission are over, or from
-- the start of a closure.
CREATE TABLE no_title AS
WITH ended AS (
  SELECT u.person, u.from_on, max_by((t.machtiging, h.holds_until > u.from_on), (t.from_on, t.machtiging)) AS last
  FROM uncovered AS u JOIN titles AS t ON t.person = u.person AND t.until_on = u.from_on
  JOIN held AS h ON h.person = t.person AND h.machtiging = t.machtiging GROUP BY ALL
)
SELECT rule, threshold, valid_from, u.person, CASE last[2] WHEN true THEN 'suspended ' || last[1] || ' ' || from_on
    WHEN false THEN 'after ' || last[1] ELSE 'start of ' || about END AS about,
  from_on + days AS since, u.until_on, if(u.until_on = left_on, why, 'titled') AS why
FROM uncovered AS u LEFT JOIN ended USING (person, from_on), rules WHERE rule = 'A03';

CREATE TABLE eighteen_without_title AS
SELECT rule, threshold, r.valid_from, person, about,
  greatest(from_on, CAST(eighteen_on + INTERVAL 1 MONTH AS DATE)) AS since, u.until_on,
  if(u.until_on = left_on, u.why, 'titled') AS why
FROM uncovered AS u JOIN births USING (person, about), rules AS r 
WHERE rule = 'A07' AND threshold = 'no-title' AND eighteen_on IS NOT NULL;

-- What was known of a machtiging on each day inside: that it was granted, and what had ended or suspended it by then.
CREATE TABLE known_orders AS
WITH terms AS (
  SELECT person, machtiging, kind, granted_on, valid_from AS from_on, valid_until, NULL::DATE AS six_months_on,
    lapsed_on, valid_from AS counted_from, NULL::DATE AS admitted_on
  FROM held WHERE kind <> 'voorwaardelijk'
  UNION ALL
  SELECT h.person, h.machtiging, h.kind, h.granted_on, a.from_on, h.valid_until, a.six_months_on, NULL,
    a.started_on, a.started_on
  FROM held AS h JOIN admissions AS a USING (person, machtiging)
), days AS (
  SELECT i.person, i.closure_number, i.about, CAST(day AS DATE) AS day FROM inside AS i, question,
    unnest(generate_series(started_on, least(coalesce(until_on, d), d) - 1, INTERVAL 1 DAY)) AS s(day)
)
SELECT k.*, t.machtiging, t.kind, t.from_on, t.counted_from, t.granted_on,
  least(t.valid_until, six_months_on, if(lapsed_on <= k.day, lapsed_on, NULL), (
    SELECT min(e.leaves_on) FROM order_ends AS e WHERE e.person = k.person AND e.machtiging = t.machtiging
      AND e.ended_on <= k.day)) AS until_on
FROM days AS k JOIN terms AS t ON t.person = k.person AND t.granted_on <= k.day
  AND coalesce(t.admitted_on <= k.day, true);

CREATE TABLE known_terms AS
FROM known_orders AS k WHERE NOT EXISTS (SELECT 1 FROM suspensions AS s WHERE s.person = k.person
  AND s.machtiging = k.machtiging AND s.from_on <= k.day AND (s.until_on IS NULL OR s.until_on > k.day));

-- The unbroken cover from each day on, and the machtiging with which it ends.
CREATE TABLE covers AS
WITH RECURSIVE reached AS (
  SELECT person, closure_number, about, day, max(until_on) AS ends_on, 1 AS step FROM known_terms
  WHERE from_on <= day AND until_on > day GROUP BY ALL
  UNION ALL
  SELECT r.person, r.closure_number, r.about, r.day, max(t.until_on), any_value(step) + 1 FROM reached AS r
  JOIN known_terms AS t ON t.person = r.person AND t.closure_number = r.closure_number AND t.day = r.day
    AND t.from_on <= r.ends_on AND t.until_on > r.ends_on
  GROUP BY r.person, r.closure_number, r.about, r.day
), last AS (
  SELECT person, closure_number, about, day, max(ends_on) AS ends_on FROM reached GROUP BY ALL
)
SELECT l.*, max_by(t.machtiging, (t.granted_on, t.machtiging)) AS machtiging,
  max_by(t.kind, (t.granted_on, t.machtiging)) AS kind,
  max_by(t.counted_from, (t.granted_on, t.machtiging, t.counted_from)) AS counted_from
FROM last AS l JOIN known_terms AS t ON t.person = l.person AND t.closure_number = l.closure_number AND t.day = l.day
  AND t.until_on = l.ends_on
GROUP BY ALL;

-- A grant of the kind that is asked for answers a request, whether it names it or not.
CREATE TABLE unasked AS
WITH kinds AS (
  SELECT person, said->>'request' AS request, said->>'kind' AS kind FROM told WHERE name = 'machtiging-requested'
  QUALIFY row_number() OVER (PARTITION BY person, request ORDER BY recorded DESC) = 1
), pending AS (
  SELECT q.person, q.requested_on, least(q.answered_on, (SELECT min(g.granted_on) FROM grants AS g
    WHERE g.person = q.person AND g.kind = k.kind AND g.granted_on >= q.requested_on)) AS answered_on
  FROM requests AS q JOIN kinds AS k USING (person, request)
)
SELECT c.*, EXISTS (SELECT 1 FROM order_ends AS e WHERE e.person = c.person AND e.machtiging = c.machtiging
    AND e.cause = 'consent-withdrawn' AND e.ended_on <= c.day) AS withdrawn
FROM covers AS c
WHERE NOT EXISTS (SELECT 1 FROM pending AS q WHERE q.person = c.person AND q.requested_on <= c.day
  AND (q.answered_on IS NULL OR q.answered_on > c.day));

CREATE MACRO spells_of(days) AS TABLE
SELECT rule, threshold, valid_from, person, about, min(day) AS since, max(day) + 1 AS until_on, NULL::VARCHAR AS why
FROM (
  SELECT *, day - row_number() OVER (PARTITION BY rule, threshold, valid_from, person, about ORDER BY day)::INT AS run
  FROM query_table(days)
) GROUP BY rule, threshold, valid_from, person, about, run;

CREATE TABLE expiring_days AS
SELECT DISTINCT rule, threshold, valid_from, person, machtiging AS about, day FROM unasked, rules
WHERE rule = 'A02' AND kind = 'regulier' AND NOT withdrawn AND ends_on - day <= days;
CREATE TABLE expiring AS FROM spells_of('expiring_days');

CREATE TABLE spoed_days AS
SELECT DISTINCT rule, threshold, valid_from, person, machtiging AS about, day FROM unasked, rules
WHERE rule = 'A04' AND threshold = 'no-request' AND kind = 'spoed' AND day >= counted_from + days;
CREATE TABLE spoed_unasked AS FROM spells_of('spoed_days');

CREATE TABLE spoed_over AS
WITH gaps AS (
  SELECT rule, threshold, rules.valid_from, u.person, t.machtiging, u.from_on, u.until_on, left_on, why,
    u.from_on + (parameters->>'grace-days')::INT AS taken_on
  FROM uncovered AS u JOIN titles AS t ON t.person = u.person AND t.until_on = u.from_on AND t.kind = 'spoed'
  JOIN held AS h ON h.person = t.person AND h.machtiging = t.machtiging AND h.holds_until = u.from_on, rules
  WHERE rule = 'A04' AND threshold = 'no-title'
)
SELECT rule, threshold, valid_from, person, max(machtiging) AS about, from_on AS since,
  least(until_on, taken_on) AS until_on,
  CASE WHEN until_on > taken_on THEN 'no-title' WHEN until_on = left_on THEN why ELSE 'titled' END AS why
FROM gaps GROUP BY rule, threshold, valid_from, person, from_on, gaps.until_on, taken_on, left_on, gaps.why;

CREATE TABLE admission_days AS
SELECT DISTINCT rule, threshold, valid_from, person, machtiging AS about, day FROM unasked, rules
WHERE rule = 'A06' AND kind = 'voorwaardelijk' AND (day >= CAST(counted_from + to_months(months) AS DATE)
  OR NOT withdrawn AND ends_on - day <= days AND ends_on < CAST(counted_from + INTERVAL 6 MONTH AS DATE));
CREATE TABLE admission AS FROM spells_of('admission_days');

-- For each day from the threshold on: inside, until A03 takes over, and no other machtiging covers the day on which the
-- fourteen days end.
CREATE TABLE consent_days AS
WITH withdrawals AS (
  SELECT rule, threshold, r.valid_from, h.person, h.machtiging, h.ended_on, h.ended_on + days AS since,
    h.ended_on + (parameters->>'leave-within-days')::INT AS last_on,
    last_on + (parameters->>'grace-days')::INT AS taken_on
  FROM rules AS r, held AS h WHERE rule = 'A08' AND h.cause = 'consent-withdrawn' AND h.kind <> 'spoed'
)
SELECT DISTINCT rule, threshold, valid_from, h.person, h.machtiging AS about, CAST(day AS DATE) AS day
FROM withdrawals AS h JOIN inside AS i ON i.person = h.person AND i.started_on <= h.ended_on
  AND (i.until_on IS NULL OR i.until_on > h.ended_on), question,
  unnest(generate_series(since, least(coalesce(i.until_on, d), taken_on) - 1, INTERVAL 1 DAY)) AS s(day)
WHERE NOT EXISTS (
  SELECT 1 FROM known_orders AS t WHERE t.person = h.person AND t.closure_number = i.closure_number AND t.day = s.day
    AND t.machtiging <> h.machtiging AND t.from_on <= last_on AND t.until_on > last_on
    AND NOT EXISTS (SELECT 1 FROM suspensions AS x WHERE x.person = t.person AND x.machtiging = t.machtiging
      AND x.from_on <= least(t.day, last_on) AND (x.until_on IS NULL OR x.until_on > least(t.day, last_on))));
CREATE TABLE consent_withdrawn AS FROM spells_of('consent_days');
