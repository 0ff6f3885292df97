-- A21 of an accommodation: over a quarter more measures were told than chance gives at the rate of all that told any.

-- Those of a young person were taken in the placement that is named, or else in the last that had begun of the closure.
CREATE TABLE taken AS
SELECT m.quarter, number, max_by(p.accommodation, p.place) AS accommodation
FROM measured AS m JOIN chained AS p ON p.person = m.person AND p.closure_number = of_closure
  AND if(m.started AND NOT m.joined, p.place = m.place, p.started_on < m.until_on)
GROUP BY m.person, m.recorded, m.quarter, number
UNION ALL
SELECT said->>'quarter', (said->>'count')::INT, said->>'accommodation' FROM told
WHERE name = 'restriction-reported' AND said->>'placement' IS NULL;

CREATE TABLE above_limits AS
WITH sums AS (
  SELECT quarter, accommodation, sum(number)::INT AS number,
    make_date(left(quarter, 4)::INT, 3 * right(quarter, 1)::INT - 2, 1) AS first_on,
    CAST(first_on + INTERVAL 3 MONTH AS DATE) AS after_on
  FROM taken GROUP BY ALL
), counted AS (
  SELECT *, (SELECT count(*) FROM care AS k WHERE k.accommodation = s.accommodation AND k.day >= s.first_on
    AND k.day < s.after_on) AS care_days
  FROM sums AS s
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
