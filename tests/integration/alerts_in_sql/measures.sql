-- A21 of an accommodation: over a quarter more measures were told than chance gives at the rate of all that told any.

CREATE TABLE told_quarters AS
SELECT DISTINCT said->>'quarter' AS quarter,
  make_date(left(said->>'quarter', 4)::INT, 3 * right(said->>'quarter', 1)::INT - 2, 1) AS first_on,
  CAST(first_on + INTERVAL 3 MONTH AS DATE) AS after_on
FROM told WHERE name = 'restriction-reported';

-- Those of a young person were taken in the placement that is named; of one that nobody started or that was joined, in
-- the last that had begun of the last closure that reaches into the day, or the quarter.
CREATE TABLE taken AS
WITH days AS (
  SELECT n.*, q.quarter, (said->>'count')::INT AS number, coalesce((said->>'on')::DATE, first_on) AS from_on,
    coalesce((said->>'on')::DATE + 1, after_on) AS until_on
  FROM named AS n JOIN told_quarters AS q ON q.quarter = said->>'quarter' WHERE name = 'restriction-reported'
), belonging AS (
  SELECT *, if(started AND NOT joined, closure_number, (
    SELECT max(c.closure_number) FROM closures AS c WHERE c.person = m.person AND c.started_on < m.until_on
      AND (c.ended_on IS NULL OR c.ended_on > m.from_on))) AS of_closure FROM days AS m
)
SELECT m.quarter, number, max_by(p.accommodation, p.place) AS accommodation
FROM belonging AS m JOIN chained AS p ON p.person = m.person AND p.closure_number = of_closure
  AND if(m.started AND NOT m.joined, p.place = m.place, p.started_on < m.until_on)
GROUP BY m.person, m.recorded, m.quarter, number
UNION ALL
SELECT said->>'quarter', (said->>'count')::INT, said->>'accommodation' FROM told
WHERE name = 'restriction-reported' AND said->>'placement' IS NULL;

CREATE TABLE above_limits AS
WITH counted AS (
  SELECT t.quarter, t.accommodation, sum(number)::INT AS number, any_value(after_on) AS after_on, (
    SELECT count(*) FROM care AS k WHERE k.accommodation = t.accommodation
      AND k.day >= any_value(q.first_on) AND k.day < any_value(q.after_on)) AS care_days
  FROM taken AS t JOIN told_quarters AS q USING (quarter) GROUP BY t.quarter, t.accommodation
), expected AS (
  SELECT *, care_days * sum(number) OVER w / sum(care_days) OVER w AS expected, count(*) OVER w AS telling
  FROM counted WHERE number > 0 WINDOW w AS (PARTITION BY quarter)
), chances AS (
  SELECT *, 1 - coalesce((SELECT sum(exp(k * ln(expected) - expected - lgamma(k + 1))) FROM range(number) AS s(k)), 0)
    AS chance
  FROM expected WHERE telling > 1 AND care_days > 0
)
SELECT rule, threshold, valid_from, '' AS person, accommodation || ' ' || quarter AS about, after_on + days AS since,
  after_on + days + holds_days AS until_on, 'time-passed' AS why
FROM chances, rules WHERE rule = 'A21' AND threshold = 'above-limits' AND chance <= 0.001;
