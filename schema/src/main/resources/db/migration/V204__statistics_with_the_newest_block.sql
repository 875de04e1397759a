-- The newest block of a job carries the statistics of the keys that changed lately: writing them
-- costs no statement and no dead row. What is in metadata_key is older, or of keys that have not
-- changed since. See docs/decisions/104.

ALTER TABLE joblog.metadata_block
  -- An array with an array for each key, its elements in the order of the columns of metadata_key.
  ADD COLUMN statistics json;

DO $$
BEGIN
  -- As for the other columns: lz4 where the server has it, else nothing.
  IF EXISTS (SELECT FROM pg_catalog.pg_settings
      WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE joblog.metadata_block ALTER COLUMN statistics SET COMPRESSION lz4;
  ELSE
    ALTER TABLE joblog.metadata_block ALTER COLUMN statistics SET STORAGE EXTERNAL;
  END IF;
END
$$;

-- What is known of each key now: of the newest record of a key, whatever it is kept with.
CREATE VIEW joblog.metadata_key_now AS
SELECT j.job_key, k.*
FROM joblog.job j
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (u.key) u.*
  FROM (
    SELECT k.key, k.count, k.holes, k.all_integers, k.increased, k.decreased, k.x_class,
      k.first_value, k.last_value, k.min_value, k.max_value, k.last_sequence, k.last_at, k.last_text
    FROM joblog.metadata_key k
    WHERE k.job_key = j.job_key
    UNION ALL
    SELECT s.of ->> 0, (s.of ->> 1)::bigint, (s.of ->> 2)::bigint, (s.of ->> 3)::boolean,
      (s.of ->> 4)::boolean, (s.of ->> 5)::boolean, (s.of ->> 6)::smallint,
      (s.of ->> 7)::numeric, (s.of ->> 8)::numeric, (s.of ->> 9)::numeric, (s.of ->> 10)::numeric,
      (s.of ->> 11)::bigint, joblog.at((s.of ->> 12)::bigint), s.of ->> 13
    FROM (
      SELECT b.statistics
      FROM joblog.metadata_block b
      WHERE b.job_key = j.job_key
      ORDER BY b.first_sequence DESC
      LIMIT 1
    ) newest
    CROSS JOIN LATERAL json_array_elements(newest.statistics) AS s(of)
  ) u
  ORDER BY u.key, u.last_sequence DESC
) k;

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
FROM joblog.metadata_key_now k;
