-- The newest value of a key is shown as it was printed, to the last digit.

CREATE OR REPLACE VIEW jobs.metadata_key AS
SELECT
  k.job_key,
  k.key,
  k.count,
  k.holes,
  k.all_integers,
  k.increased,
  k.decreased,
  k.x_class,
  CASE k.x_class
    WHEN 1 THEN 'progress'
    WHEN 2 THEN 'epoch'
    WHEN 3 THEN 'increasing integers'
    WHEN 4 THEN 'increasing numbers'
    WHEN 5 THEN 'monotone integers'
    WHEN 6 THEN 'monotone numbers'
    WHEN 7 THEN 'numbers'
    ELSE 'not numeric' END AS x_class_name,
  k.first_value,
  k.last_value,
  k.min_value,
  k.max_value,
  k.last_sequence,
  k.last_at,
  CASE
    WHEN k.last_text IS NOT NULL THEN k.last_text
    WHEN k.last_value = trunc(k.last_value) AND abs(k.last_value) < 1e19
      THEN trunc(k.last_value)::text
    -- Not by way of a double: it would show 789773523480.1762 as .1761. Beyond these bounds a double
    -- is written with an exponent, which is shorter.
    WHEN abs(k.last_value) BETWEEN 0.0001 AND 9007199254740992
      THEN trim_scale(k.last_value)::text
    ELSE k.last_value::double precision::text END AS last_text,
  k.last_text IS NULL AS last_is_number
FROM joblog.metadata_key k;
