-- Alerts about who waits: titles that nobody executes, referrals and lists, and what expert teams are asked and advise.

CREATE TABLE executions AS
SELECT h.*, (
  SELECT min(greatest(p.started_on, h.valid_from)) FROM chained AS p
  WHERE p.person = h.person AND p.started_on < least(h.ended_on, h.lapsed_on, h.valid_until)
    AND (p.ended_on IS NULL OR p.ended_on > h.valid_from OR p.started_on >= h.valid_from)) AS executed_on
FROM held AS h WHERE kind <> 'voorwaardelijk';

-- From the first day on which it could be executed. After three calendar months it lapses, and that is told a while.
CREATE TABLE not_executed AS
SELECT rule, threshold, r.valid_from, person, machtiging AS about, greatest(granted_on, e.valid_from) + days AS since,
  least(executed_on, ended_on, lapsed_on, e.valid_until) AS until_on, NULL::VARCHAR AS why
FROM executions AS e, rules AS r WHERE rule = 'A05' AND days IS NOT NULL
UNION ALL
SELECT rule, threshold, r.valid_from, person, machtiging, lapsed_on, least(lapsed_on + holds_days,
  (SELECT min(p.started_on) FROM chained AS p WHERE p.person = e.person AND p.started_on >= e.lapsed_on)), NULL
FROM executions AS e, rules AS r
WHERE rule = 'A05' AND threshold = 'lapsed' AND lapsed_on IS NOT NULL AND coalesce(ended_on > lapsed_on, true);

-- Titles that adjoin or overlap are one wait; with a spoed it counts from that, with a regulier from the first of them.
CREATE TABLE title_runs AS
WITH begins AS (
  SELECT *, coalesce(from_on > max(until_on) OVER (PARTITION BY person ORDER BY from_on, until_on, machtiging
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS anew FROM waiting_titles WHERE from_on < until_on
)
SELECT *, sum(anew::INT) OVER (PARTITION BY person ORDER BY from_on, until_on, machtiging) AS run FROM begins;

CREATE TABLE waits_with_title AS
WITH runs AS (
  SELECT person, run, min(from_on) AS from_on, max(until_on) AS until_on,
    min_by(machtiging, (from_on, until_on, machtiging)) AS machtiging FROM title_runs GROUP BY ALL
)
SELECT r.*, coalesce(w.referral, r.machtiging) AS about, w.referral IS NULL AS alone
FROM runs AS r LEFT JOIN closed_referrals AS w
  ON w.person = r.person AND r.from_on < coalesce(w.until_on, DATE '9999-01-01') AND r.until_on > w.referred_on;

CREATE TABLE waits_at_all AS
SELECT person, referral AS about, referred_on AS from_on, until_on FROM closed_referrals
UNION ALL SELECT person, about, from_on, until_on FROM waits_with_title WHERE alone;

-- By days, so that two titles of a kind that adjoin count as one.
CREATE TABLE title_days AS
SELECT DISTINCT rule, threshold, valid_from, w.person, w.about, CAST(day AS DATE) AS day
FROM waits_with_title AS w JOIN title_runs AS t USING (person, run)
JOIN rules AS r ON rule = 'A11' AND split_part(threshold, '-', 1) = t.kind,
  unnest(generate_series(t.from_on, t.until_on - 1, INTERVAL 1 DAY)) AS s(day)
WHERE CASE WHEN t.kind = 'spoed' THEN CAST(day AS DATE) - days >= (
    SELECT max(b.from_on) FROM title_runs AS b WHERE b.person = t.person AND b.run = t.run AND b.kind = 'spoed'
      AND b.from_on <= day AND NOT EXISTS (SELECT 1 FROM title_runs AS a WHERE a.person = b.person AND a.run = b.run
        AND a.kind = 'spoed' AND a.from_on < b.from_on AND a.until_on >= b.from_on))
  ELSE CAST(day AS DATE) - days >= w.from_on END;

CREATE TABLE list_days AS
SELECT rule, threshold, valid_from, l.person, waiting AS about, CAST(day AS DATE) AS day
FROM lists AS l, rules, question,
  unnest(generate_series(started_on + days, least(coalesce(l.ended_on, d), d) - 1, INTERVAL 1 DAY)) AS s(day)
WHERE rule = 'A11' AND threshold = 'list-64' AND (setting NOT IN ('gesloten', 'besloten', 'hybride') OR NOT EXISTS (
    SELECT 1 FROM chained AS p WHERE p.person = l.person AND p.started_on >= l.started_on AND p.started_on <= day)
  AND NOT EXISTS (SELECT 1 FROM waits_at_all AS w WHERE w.person = l.person AND w.from_on + days <= day
    AND (w.until_on IS NULL OR w.until_on > day)));

CREATE TABLE waiting AS
SELECT rule, threshold, valid_from, person, about, from_on + days AS since, until_on, NULL::VARCHAR AS why
FROM waits_at_all, rules WHERE rule = 'A11' AND threshold = 'any-64'
UNION ALL FROM spells_of('title_days')
UNION ALL FROM spells_of('list_days');

-- What became of an advice is told where its consult is known (F26).
CREATE TABLE expert_advice AS
WITH asked AS (
  SELECT person, said->>'consult' AS consult, (said->>'requested_on')::DATE AS requested_on FROM told
  WHERE name = 'expert-advice-requested'
  QUALIFY row_number() OVER (PARTITION BY person, consult ORDER BY recorded DESC) = 1
), given AS (
  SELECT person, said->>'consult' AS consult, (said->>'issued_on')::DATE AS issued_on,
    said->>'binding' = 'true' AS binding
  FROM told WHERE name = 'expert-advice-issued'
  QUALIFY row_number() OVER (PARTITION BY person, consult ORDER BY recorded DESC) = 1
), followed AS (
  SELECT person, said->>'consult' AS consult, (said->>'followed_up_on')::DATE AS on_day, said->>'status' AS status,
    said->>'reason' AS reason, recorded,
    row_number() OVER (PARTITION BY person, consult ORDER BY on_day, recorded) AS place
  FROM told WHERE name = 'expert-advice-followed-up'
), each AS (
  SELECT 'not-issued' AS threshold, a.person, a.consult, requested_on AS from_on, g.issued_on AS until_on
  FROM asked AS a LEFT JOIN given AS g USING (person, consult)
  UNION ALL
  SELECT 'not-executed', g.person, g.consult, issued_on,
    (SELECT min(on_day) FROM followed AS f WHERE f.person = g.person AND f.consult = g.consult AND status <> 'accepted')
  FROM given AS g WHERE binding
  UNION ALL
  SELECT 'deviated', person, consult, on_day, lead(on_day) OVER (PARTITION BY person, consult ORDER BY place)
  FROM followed WHERE EXISTS (FROM asked AS a WHERE a.person = followed.person AND a.consult = followed.consult)
    OR EXISTS (FROM given AS g WHERE g.person = followed.person AND g.consult = followed.consult)
  QUALIFY status = 'deviated' AND reason IS NULL
)
SELECT rule, threshold, valid_from, person, consult AS about, from_on + coalesce(days, 0) AS since, until_on,
  NULL AS why
FROM each JOIN rules USING (threshold) WHERE rule = 'A12';
