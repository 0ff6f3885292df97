-- Alerts about somebody inside, written from the pages on alerts and the counting rules alone. Each is a spell: it
-- holds during [since, until_on), for ever where that is empty; `why` is what ends it. `rules` has a row for each
-- threshold.

-- A closure as it counts here: after a move nobody arrived from it goes on for the seven days in which an arrival would
-- continue it. It is named by its first placement.
CREATE TABLE inside AS
SELECT c.person, c.closure_number, f.placement || ' ' || f.source AS about, c.started_on, c.ended_on,
  if(c.how = 'moved', c.ended_on + 8, c.ended_on) AS until_on,
  CASE WHEN c.how = 'moved' THEN 'moved-away' WHEN 'deceased' IN (c.destination, c.end_mode) THEN 'deceased'
    ELSE c.how END AS why,
  c.destination, c.end_mode, c.how
FROM of_closures AS c JOIN closures USING (person, closure_number)
JOIN chained AS f ON f.person = c.person AND f.place = closures.first_place;

CREATE TABLE long_closure AS
SELECT rule, threshold, valid_from, person, about, started_on + days AS since, until_on, why
FROM inside, rules WHERE rule = 'A01';

-- The month of birth that the closure says. Before: from its first day; that eighteen is past: from the next month.
CREATE TABLE births AS
SELECT i.*, CAST((min_by(p.said->>'birth_month', p.place) FILTER (p.said->>'birth_month' IS NOT NULL) || '-01')::DATE
  + INTERVAL 18 YEAR AS DATE) AS eighteen_on
FROM inside AS i JOIN chained AS p USING (person, closure_number) GROUP BY ALL;

CREATE TABLE eighteen AS
SELECT rule, threshold, valid_from, person, about,
  greatest(started_on, CAST(eighteen_on + to_months(coalesce(months, 0)) AS DATE) - coalesce(days, 0)) AS since,
  until_on, why
FROM births, rules WHERE rule = 'A07' AND (days IS NOT NULL OR months IS NOT NULL) AND eighteen_on IS NOT NULL;

-- A doorplaatsing is the start of the placement that it leads to.
CREATE TABLE moves AS
SELECT p.person, p.placement || ' ' || p.source AS about, p.started_on AS moved_on, c.started_on AS began_on,
  c.until_on, c.why,
  row_number() OVER (PARTITION BY p.person, p.closure_number ORDER BY p.place) AS number,
  lag(p.started_on) OVER (PARTITION BY p.person ORDER BY p.started_on, p.place) AS before_on
FROM chained AS p JOIN inside AS c USING (person, closure_number) WHERE p.doorplaatsing;

CREATE TABLE doorplaatsing AS
SELECT rule, threshold, valid_from, person, about, moved_on AS since,
  least(moved_on + holds_days, until_on) AS until_on,
  if(until_on <= moved_on + holds_days, why, 'time-passed') AS why
FROM moves, rules
WHERE rule = 'A09' AND CASE threshold
    WHEN 'each' THEN true
    WHEN 'early' THEN moved_on - began_on <= (parameters->>'early-days')::INT
    WHEN 'second' THEN moved_on - before_on <= (parameters->>'again-days')::INT
    WHEN 'third' THEN number >= (parameters->>'often')::INT
  END;

CREATE TABLE re_placement AS
SELECT rule, threshold, valid_from, person, about, started_on AS since,
  least(started_on + holds_days, until_on) AS until_on,
  if(until_on <= started_on + holds_days, why, 'time-passed') AS why
FROM (SELECT *, lag(ended_on) OVER (PARTITION BY person ORDER BY closure_number) AS before_on FROM inside), rules
WHERE rule = 'A10' AND started_on - before_on <= days;

-- School days are Mondays to Fridays: it holds from the day after the last of so many.
CREATE TABLE school AS
SELECT CAST(day AS DATE) AS day,
  (sum((isodow(day) <= 5)::INT) OVER (ORDER BY day)) - (isodow(day) <= 5)::INT AS before
FROM unnest(generate_series(TIMESTAMP '2008-01-01', TIMESTAMP '2040-01-01', INTERVAL 1 DAY)) AS days(day);

CREATE TABLE without_school AS
WITH said AS (
  SELECT person, (said->>'changed_on')::DATE AS on_day, said->>'status' AS status
  FROM told WHERE name = 'education-changed'
  QUALIFY row_number() OVER (PARTITION BY person, on_day ORDER BY recorded DESC) = 1
), changes AS (
  SELECT *, coalesce(lag(status) OVER (PARTITION BY person ORDER BY on_day) = 'none', false) AS goes_on FROM said
), gaps AS (
  SELECT person, on_day AS from_on,
    (SELECT min_by((e.on_day, e.status), e.on_day) FROM said AS e
      WHERE e.person = c.person AND e.on_day > c.on_day AND e.status <> 'none') AS after
  FROM changes AS c WHERE status = 'none' AND NOT goes_on
)
SELECT rule, threshold, valid_from, i.person, about,
  (SELECT min(s.day) FROM school AS s WHERE s.before = f.before + school_days) AS since,
  least(until_on, after[1]) AS until_on, if(after[1] < coalesce(until_on, DATE '9999-01-01'), after[2], why) AS why
FROM inside AS i JOIN gaps AS g ON g.person = i.person AND coalesce(g.after[1], DATE '9999-01-01') > i.started_on
  AND g.from_on < coalesce(i.until_on, DATE '9999-01-01')
JOIN school AS f ON f.day = greatest(g.from_on, i.started_on), rules WHERE rule = 'A13';

CREATE TABLE stuck AS
WITH first AS (SELECT person, closure_number, min(ready_on) AS ready_on FROM readiness GROUP BY ALL)
SELECT rule, threshold, valid_from, person, about, ready_on + days AS since, until_on, why
FROM inside JOIN first USING (person, closure_number), rules WHERE rule = 'A14';

-- After a departure the first day of another placement that begins then or goes on, under whatever regime.
CREATE MACRO found_on(whose, of_placement, of_source, of_place, left_on) AS (
  SELECT min(greatest(n.started_on, left_on)) FROM parts AS n WHERE n.person = whose
    AND (n.whole <> of_placement OR n.whole_source <> of_source)
    AND (n.started_on >= left_on AND n.place > of_place OR n.started_on < left_on
      AND (n.ended_on IS NULL OR n.ended_on > left_on))
);

CREATE TABLE left_to_nothing AS
WITH gone AS (
  SELECT i.person, i.about, i.ended_on, i.destination, e.said->>'follow_up' AS follow_up,
    found_on(p.person, p.placement, p.source, p.first_place, p.ended_on) AS back_on
  FROM inside AS i JOIN closures USING (person, closure_number)
  JOIN chained AS p ON p.person = i.person AND p.place = closures.last_place
  JOIN stays AS l ON l.person = i.person AND l.ended_on = i.ended_on AND l.how = 'discharged'
    AND EXISTS (SELECT 1 FROM parts AS q WHERE q.person = l.person AND q.placement = l.placement
      AND q.source = l.source AND q.whole = p.placement AND q.whole_source = p.source)
  JOIN told AS e ON e.person = l.person AND e.name = 'discharge-recorded' AND e.said->>'placement' = l.placement
    AND (NOT l.alike OR e.source = l.source) AND (e.said->>'discharged_on')::DATE = l.ended_on
  WHERE i.how = 'discharged' AND i.why <> 'deceased'
  QUALIFY row_number() OVER (PARTITION BY i.person, i.about ORDER BY e.recorded DESC) = 1
)
SELECT rule, threshold, valid_from, person, about, ended_on + coalesce(days, 0) AS since,
  least(back_on, ended_on + holds_days) AS until_on,
  if(back_on <= ended_on + holds_days, 'placed-again', 'time-passed') AS why
FROM gone, rules WHERE rule = 'A15'
  AND CASE threshold WHEN 'no-follow-up' THEN follow_up = 'none' ELSE destination = 'unknown' END;

-- Counted to the moment. An absence is one of the closure whose placement it names, also where its day lies before
-- that; of an unknown or joined one that of its day.
CREATE TABLE absence_moments AS
WITH over AS (
  SELECT w.person, w.record || ' ' || w.source AS about, w.moment, w.back_at, w.next_at, i.why,
    timezone('Europe/Amsterdam', i.until_on::TIMESTAMP) AS left_at
  FROM away AS w JOIN inside AS i ON i.person = w.person AND CASE
      WHEN w.started AND NOT w.joined THEN i.closure_number = w.closure_number
      ELSE i.started_on <= w.day AND (i.ended_on IS NULL OR i.ended_on > w.day)
    END
)
SELECT rule, threshold, valid_from, person, about, moment + to_hours(hours) AS since_at,
  least(back_at, next_at, left_at) AS until_at, if(until_at IN (back_at, next_at), 'returned', why) AS why
FROM over, rules WHERE rule = 'A16' AND coalesce(moment + to_hours(hours) < least(back_at, next_at, left_at), true);

-- What holds for a part of a day is kept though that leaves no day.
CREATE TABLE absence AS
SELECT rule, threshold, valid_from, person, about, CAST(timezone('Europe/Amsterdam', since_at) AS DATE) AS since,
  CAST(timezone('Europe/Amsterdam', until_at) AS DATE) AS until_on, why
FROM absence_moments;

-- Measures of young people are of the closure whose placement they name; of one that nobody started or that was joined,
-- of the last closure that reaches into the day, or the quarter.
CREATE TABLE measured AS
WITH days AS (
  SELECT *, said->>'quarter' AS quarter, (said->>'count')::INT AS number, (said->>'on')::DATE AS on_day,
    make_date(left(said->>'quarter', 4)::INT, 3 * right(said->>'quarter', 1)::INT - 2, 1) AS first_on,
    CAST(first_on + INTERVAL 3 MONTH AS DATE) AS after_on, coalesce(on_day + 1, after_on) AS until_on
  FROM named WHERE name = 'restriction-reported'
)
SELECT *, if(started AND NOT joined, closure_number, (
    SELECT max(c.closure_number) FROM closures AS c WHERE c.person = m.person AND c.started_on < m.until_on
      AND (c.ended_on IS NULL OR c.ended_on > coalesce(m.on_day, m.first_on)))) AS of_closure
FROM days AS m;

CREATE TABLE emergency AS
SELECT rule, threshold, r.valid_from, m.person, record || ' ' || source AS about, coalesce(on_day, after_on) AS since,
  coalesce(on_day, after_on) + holds_days AS until_on, 'time-passed' AS why
FROM measured AS m, rules AS r
WHERE rule = 'A21' AND said->>'emergency' = 'true' AND number = 1 AND (said->>'minutes')::INT > 60 * hours
  AND of_closure IS NOT NULL;

CREATE TABLE not_arrived AS
WITH departures AS (
  SELECT p.*, p.placement || ' ' || p.source AS about,
    found_on(p.person, p.placement, p.source, p.first_place, p.ended_on) AS arrived_on
  FROM chained AS p WHERE how = 'moved'
)
SELECT rule, threshold, valid_from, person, about, ended_on + days AS since,
  least(arrived_on, ended_on + (parameters->>'give-up-days')::INT) AS until_on,
  if(arrived_on <= ended_on + (parameters->>'give-up-days')::INT, 'arrived', 'left-to-flags') AS why
FROM departures, rules WHERE rule = 'A24';

CREATE TABLE care_plan AS
WITH evaluations AS (
  SELECT person, (said->>'evaluated_on')::DATE AS on_day, (said->>'next_due_on')::DATE AS due_on
  FROM told WHERE name = 'care-plan-evaluated'
  QUALIFY row_number() OVER (PARTITION BY person, on_day ORDER BY recorded DESC) = 1
), overdue AS (
  SELECT i.*, due_on + 1 AS since,
    (SELECT min(n.on_day) FROM evaluations AS n WHERE n.person = i.person AND n.on_day > e.on_day) AS done_on
  FROM inside AS i JOIN evaluations AS e ON e.person = i.person AND e.due_on >= i.started_on
), missing AS (
  SELECT i.*, i.started_on + 42 AS since,
    (SELECT min(n.on_day) FROM evaluations AS n WHERE n.person = i.person AND n.on_day >= i.started_on) AS done_on
  FROM inside AS i WHERE EXISTS (SELECT 1 FROM evaluations AS e WHERE e.person = i.person
    AND (i.until_on IS NULL OR e.on_day < i.until_on))
)
SELECT rule, threshold, valid_from, person, about, since, least(done_on, until_on) AS until_on,
  if(done_on < coalesce(until_on, DATE '9999-01-01'), 'evaluated', why) AS why
FROM (SELECT 'overdue' AS threshold, * FROM overdue UNION ALL SELECT '42-days', * FROM missing)
JOIN rules USING (threshold) WHERE rule = 'A26';
