-- What docs/flags.md calls wrong about what is told of young people, whatever the day of asking: what it is about, the
-- first day of it, and the source whose fact shows it.

-- What is told, with the kind and the key of what it is told of, and the day by which it is dated.
CREATE TABLE spoken AS
SELECT *, CASE WHEN name = 'machtiging-granted' THEN 'machtiging'
    WHEN said->>'placement' IS NOT NULL THEN 'placement' WHEN said->>'machtiging' IS NOT NULL THEN 'machtiging'
    WHEN said->>'referral' IS NOT NULL THEN 'referral' WHEN said->>'waiting' IS NOT NULL THEN 'waiting'
    WHEN said->>'support' IS NOT NULL THEN 'support' WHEN said->>'consult' IS NOT NULL THEN 'consult'
  END AS kind, said->>kind AS key, CAST(timezone('Europe/Amsterdam', time) AS DATE) AS recorded_on,
  coalesce(coalesce(said->>'started_on', said->>'departed_on', said->>'discharged_on', said->>'ready_on',
      said->>'changed_on', said->>'evaluated_on', said->>'reviewed_on', said->>'referred_on', said->>'closed_on',
      said->>'granted_on', said->>'requested_on', said->>'refused_on', said->>'suspended_on', said->>'resumed_on',
      said->>'ended_on', said->>'issued_on', said->>'followed_up_on', said->>'on')::DATE,
    CAST(timezone('Europe/Amsterdam', (said->>'at')::TIMESTAMPTZ) AS DATE)) AS on_day,
  coalesce(on_day, make_date(left(said->>'quarter', 4)::INT, 3 * right(said->>'quarter', 1)::INT - 2, 1)) AS first_on
FROM told WHERE person IS NOT NULL;

-- What begins, and with what reports it ends.
CREATE TABLE kinds (kind VARCHAR, begins VARCHAR, ends VARCHAR[]);
INSERT INTO kinds VALUES
  ('placement', 'placement-started', ['doorplaatsing-recorded', 'discharge-recorded']),
  ('referral', 'referral-registered', ['referral-closed']), ('waiting', 'waiting-started', ['waiting-ended']),
  ('support', 'support-requested', ['support-resolved']), ('consult', 'expert-advice-issued', []);

CREATE TABLE beginnings AS
SELECT person, 'placement' AS kind, placement AS key, source, alike, started_on AS began_on FROM starts
UNION ALL
SELECT person, kind, key, source, false, on_day FROM (
  SELECT * FROM spoken JOIN kinds USING (kind) WHERE name = begins AND kind <> 'placement'
  QUALIFY row_number() OVER (PARTITION BY person, kind, key ORDER BY recorded DESC) = 1
);

CREATE TABLE endings AS
SELECT e.*, b.began_on, b.source AS begun_by, e.on_day >= b.began_on AS believed
FROM beginnings AS b JOIN kinds USING (kind) JOIN spoken AS e ON e.person = b.person AND e.kind = b.kind
  AND e.key = b.key AND list_contains(ends, e.name) AND (NOT b.alike OR e.source = b.source);

-- Of several ends of a wait the first counts.
CREATE TABLE deaths AS
SELECT person, ended_on AS died_on FROM wholes WHERE 'deceased' IN (destination, end_mode)
UNION ALL
SELECT person, on_day FROM (
  SELECT * FROM endings WHERE kind = 'waiting' AND believed
  QUALIFY row_number() OVER (PARTITION BY person, key ORDER BY on_day, recorded) = 1
) WHERE said->>'reason' = 'deceased';

-- The age at the start in whole months, or one month less: the day of birth is not known.
CREATE TABLE ages AS
SELECT person, placement, started_on, source,
  datediff('month', ((said->>'birth_month') || '-01')::DATE, started_on) AS months
FROM placements WHERE said->>'birth_month' IS NOT NULL;

CREATE TABLE raised (code VARCHAR, person VARCHAR, about VARCHAR, since_on DATE, source VARCHAR);

INSERT INTO raised
SELECT 'F1', p.person, p.placement, min(greatest(p.started_on, e.started_on)), p.source
FROM wholes AS p JOIN wholes AS e ON e.person = p.person AND e.whole_place <> p.whole_place
WHERE greatest(p.started_on, e.started_on)
  < least(coalesce(p.ended_on, DATE '9999-01-01'), coalesce(e.ended_on, DATE '9999-01-01'))
GROUP BY p.person, p.placement, p.source, p.whole_place
UNION ALL
SELECT 'F2', person, placement, ended_on, source FROM wholes WHERE how = 'inferred'
UNION ALL
SELECT 'F3', person, placement, ended_on, ended_by FROM wholes AS p WHERE how = 'moved' AND NOT EXISTS (
  SELECT 1 FROM wholes AS n WHERE n.person = p.person AND n.whole_place <> p.whole_place AND (
    n.started_on <= p.ended_on AND (n.ended_on IS NULL OR n.ended_on > p.ended_on)
    OR n.whole_place > p.whole_place AND n.started_on BETWEEN p.ended_on AND p.ended_on + 7
    OR n.arrives_from = p.placement AND n.started_on >= p.started_on))
UNION ALL
SELECT 'F4', person, key, on_day, source FROM (
  SELECT person, key, first_on AS on_day, source FROM spoken WHERE kind = 'placement' AND name <> 'placement-started'
  UNION ALL
  SELECT person, said->>'arrives_from', started_on, source FROM starts WHERE said->>'arrives_from' IS NOT NULL
) AS s WHERE NOT EXISTS (SELECT 1 FROM starts AS b
  WHERE b.person = s.person AND b.placement = s.key AND (NOT b.alike OR b.source = s.source))
UNION ALL
SELECT 'F5', person, key, began_on, source FROM endings WHERE NOT believed
UNION ALL
SELECT 'F7', person, machtiging, lapsed_on, source FROM held WHERE lapsed_on IS NOT NULL AND ended_on IS NULL
UNION ALL
SELECT 'F8', person, machtiging, valid_from, source FROM grants WHERE valid_until > valid_from + CASE
    WHEN kind = 'spoed' THEN INTERVAL 28 DAY
    WHEN kind = 'voorwaardelijk' AND said->>'extends' IS NULL THEN INTERVAL 6 MONTH
    ELSE INTERVAL 12 MONTH
  END
UNION ALL
SELECT 'F9', person, machtiging, valid_from, source FROM grants WHERE granted_on > valid_from
UNION ALL
SELECT 'F9', s.person, s.key, s.on_day, s.source
FROM spoken AS s JOIN grants AS g ON g.person = s.person AND g.machtiging = s.key
WHERE s.name = 'machtiging-ended' AND s.on_day < g.granted_on OR s.name = 'machtiging-resumed' AND NOT EXISTS (
  SELECT 1 FROM suspensions AS t WHERE t.person = s.person AND t.machtiging = s.key AND t.until_on = s.on_day)
UNION ALL
SELECT 'F11', person, placement, started_on, source FROM ages WHERE months < 12 * 12 OR months - 1 >= 18 * 12
UNION ALL
SELECT 'F12', person, placement, ended_on, ended_by FROM wholes WHERE how = 'discharged' AND destination = 'unknown'
UNION ALL
SELECT 'F15', person, record, recorded_on, source FROM spoken WHERE recorded_on - on_day > 90
UNION ALL
SELECT 'F16', person, record, on_day, source FROM spoken WHERE precision IN ('month', 'year') AND on_day IS NOT NULL
UNION ALL
SELECT 'F17', person, record, coalesce(least(
    (SELECT min(started_on) FROM starts AS b WHERE b.person = s.person),
    (SELECT min(referred_on) FROM referrals AS b
      WHERE b.person = s.person AND b.said->>'requested' IN ('gesloten', 'besloten', 'hybride')),
    (SELECT min(granted_on) FROM grants AS b WHERE b.person = s.person)), recorded_on), source
FROM spoken AS s WHERE name = 'pseudonyms-merged'
UNION ALL
SELECT 'F18', e.person, e.key, e.on_day, e.source FROM spoken AS e JOIN beginnings AS b USING (person, kind, key)
WHERE e.said->>'status' = 'executed' AND e.name = 'expert-advice-followed-up' AND e.on_day < b.began_on
UNION ALL
SELECT 'F19', person, machtiging, from_on, s.source FROM suspensions AS s JOIN grants AS g USING (person, machtiging)
WHERE from_on < valid_from OR from_on >= valid_until
UNION ALL
SELECT 'F19', s.person, s.machtiging, valid_until, r.source FROM suspensions AS s
JOIN grants AS g USING (person, machtiging)
JOIN spoken AS r ON r.person = s.person AND r.key = s.machtiging AND r.on_day = s.until_on
WHERE r.name = 'machtiging-resumed' AND from_on >= valid_from AND from_on < valid_until AND until_on > valid_until
  -- A second suspension within the first says nothing new.
  AND NOT EXISTS (SELECT 1 FROM suspensions AS t WHERE t.person = s.person AND t.machtiging = s.machtiging
    AND t.until_on = s.until_on AND t.from_on < s.from_on)
UNION ALL
SELECT 'F20', person, placement, started_on, source FROM parts WHERE restarts
UNION ALL
SELECT 'F21', person, placement, started_on, source FROM wholes AS p
WHERE started_on > (SELECT min(died_on) FROM deaths AS e WHERE e.person = p.person)
UNION ALL
SELECT 'F23', person, key, min(on_day), max_by(source, recorded) FROM endings WHERE believed
GROUP BY person, kind, key, begun_by HAVING count(DISTINCT (name, said)) > 1
UNION ALL
SELECT 'F24', person, key, max_by(on_day, recorded), max_by(source, recorded) FROM spoken AS s
WHERE name IN ('machtiging-granted', 'referral-registered', 'waiting-started', 'support-requested',
    'expert-advice-requested', 'expert-advice-issued')
  OR name = 'placement-started' AND NOT EXISTS (
    SELECT 1 FROM starts AS b WHERE b.person = s.person AND b.placement = s.key AND b.alike)
GROUP BY person, name, key HAVING count(*) > 1
UNION ALL
SELECT 'F24', person, placement, max_by((said->>'ready_on')::DATE, recorded), max_by(source, recorded) FROM named
WHERE name = 'discharge-ready' AND started GROUP BY person, placement, of_source HAVING count(*) > 1
UNION ALL
SELECT 'F25', person, record, coalesce(on_day, recorded_on), source FROM spoken AS s WHERE (
  SELECT count(DISTINCT (said::VARCHAR, person, precision)) FROM facts AS f WHERE f.source = s.source
    AND f.name = s.name AND f.record = s.record AND f.revision = s.revision) > 1
UNION ALL
SELECT 'F26', person, key, on_day, source FROM spoken AS s
WHERE name IN ('machtiging-suspended', 'machtiging-resumed', 'machtiging-ended')
  AND NOT EXISTS (SELECT 1 FROM grants AS g WHERE g.person = s.person AND g.machtiging = s.key)
UNION ALL
SELECT 'F26', person, key, on_day, source FROM spoken AS s JOIN kinds USING (kind)
WHERE (kind <> 'placement' AND list_contains(ends, name) OR name = 'expert-advice-followed-up') AND NOT EXISTS (
  SELECT 1 FROM beginnings AS b WHERE b.person = s.person AND b.kind = s.kind AND b.key = s.key);
