-- All of them, each cut to the days of its row of the rules; spells of one key that adjoin are one.
CREATE TABLE alerts AS
WITH every AS (
  FROM long_closure UNION ALL FROM eighteen UNION ALL FROM doorplaatsing UNION ALL FROM re_placement
  UNION ALL FROM without_school UNION ALL FROM stuck UNION ALL FROM left_to_nothing UNION ALL FROM absence
  UNION ALL FROM emergency UNION ALL FROM no_title UNION ALL FROM eighteen_without_title UNION ALL FROM expiring
  UNION ALL FROM spoed_unasked UNION ALL FROM spoed_over UNION ALL FROM admission
  UNION ALL FROM consent_withdrawn UNION ALL FROM not_executed UNION ALL FROM waiting
  UNION ALL FROM expert_advice UNION ALL FROM not_arrived UNION ALL FROM of_units UNION ALL FROM above_limits
  UNION ALL FROM care_plan
), cut AS (
  SELECT rule, threshold, r.level, person, about, greatest(since, r.valid_from) AS since,
    least(coalesce(until_on, DATE '9999-01-01'), r.valid_until) AS until_on,
    if(coalesce(until_on, DATE '9999-01-01') > r.valid_until, 'rule-changed', why) AS why
  FROM every AS e JOIN rules AS r USING (rule, threshold, valid_from)
), kept AS (
  FROM cut WHERE since < until_on OR since = until_on AND rule = 'A16'
), begins AS (
  SELECT *, coalesce(since > max(until_on) OVER (PARTITION BY rule, threshold, person, about ORDER BY since, until_on
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS anew FROM kept
), runs AS (
  SELECT *, sum(anew::INT) OVER (PARTITION BY rule, threshold, person, about ORDER BY since, until_on) AS run
  FROM begins
)
SELECT rule, threshold, person, about, max_by(level, (until_on, since)) AS level, min(since) AS since,
  max(until_on) AS until_on, last(why ORDER BY until_on, since) AS why
FROM runs GROUP BY rule, threshold, person, about, run;

-- What holds at a moment, and whether it leads: of each rule and case the highest threshold does.
CREATE MACRO holding_at(moment) AS TABLE
WITH holding AS (
  SELECT rule, threshold, person, about, level, since FROM alerts
  WHERE since <= CAST(timezone('Europe/Amsterdam', moment) AS DATE)
    AND until_on > CAST(timezone('Europe/Amsterdam', moment) AS DATE) AND rule <> 'A16'
  UNION ALL
  SELECT rule, threshold, person, about, level, CAST(timezone('Europe/Amsterdam', since_at) AS DATE)
  FROM absence_moments JOIN rules USING (rule, threshold, valid_from)
  WHERE since_at <= moment AND (until_at IS NULL OR until_at > moment)
)
SELECT *, place = max(place) OVER (PARTITION BY rule, person, about) AS leads
FROM holding JOIN (SELECT rule, threshold, max(place) AS place FROM rules GROUP BY ALL) USING (rule, threshold);
