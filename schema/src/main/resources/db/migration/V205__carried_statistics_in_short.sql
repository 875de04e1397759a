-- The statistics that the newest block of a job carries, shorter than in V204 and as text: that it is
-- JSON was checked with every commit, and is only needed when they are read. What is carried in the
-- old column is settled first. See docs/decisions/104.

ALTER TABLE joblog.metadata_block
  -- An array with an array for each key: key, count, holes, flags, x_class, last_value, first_value,
  -- min_value, max_value, records before the block's newest, microseconds before its last_at,
  -- last_text. Flags: 1 all integers, 2 increased, 4 decreased. A first, least or greatest value that
  -- equals the last one is null.
  ADD COLUMN carried text;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_settings
      WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE joblog.metadata_block ALTER COLUMN carried SET COMPRESSION lz4;
  ELSE
    ALTER TABLE joblog.metadata_block ALTER COLUMN carried SET STORAGE EXTERNAL;
  END IF;
END
$$;

INSERT INTO joblog.metadata_key
SELECT k.* FROM joblog.metadata_key_now k
ON CONFLICT (job_key, key) DO UPDATE SET
  count = excluded.count, holes = excluded.holes, all_integers = excluded.all_integers,
  increased = excluded.increased, decreased = excluded.decreased, x_class = excluded.x_class,
  first_value = excluded.first_value, last_value = excluded.last_value,
  min_value = excluded.min_value, max_value = excluded.max_value,
  last_sequence = excluded.last_sequence, last_at = excluded.last_at,
  last_text = excluded.last_text
WHERE metadata_key.last_sequence < excluded.last_sequence;

CREATE OR REPLACE VIEW joblog.metadata_key_now AS
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
    SELECT c.of ->> 0, (c.of ->> 1)::bigint, (c.of ->> 2)::bigint,
      (c.of ->> 3)::integer & 1 > 0, (c.of ->> 3)::integer & 2 > 0, (c.of ->> 3)::integer & 4 > 0,
      (c.of ->> 4)::smallint,
      coalesce(c.of ->> 6, c.of ->> 5)::numeric, (c.of ->> 5)::numeric,
      coalesce(c.of ->> 7, c.of ->> 5)::numeric, coalesce(c.of ->> 8, c.of ->> 5)::numeric,
      newest.last_sequence - (c.of ->> 9)::bigint,
      newest.last_at - (c.of ->> 10)::bigint * interval '1 microsecond', c.of ->> 11
    FROM (
      SELECT b.first_sequence + b.records - 1 AS last_sequence, b.last_at, b.carried
      FROM joblog.metadata_block b
      WHERE b.job_key = j.job_key
      ORDER BY b.first_sequence DESC
      LIMIT 1
    ) newest
    CROSS JOIN LATERAL json_array_elements(newest.carried::json) AS c(of)
  ) u
  ORDER BY u.key, u.last_sequence DESC
) k;

ALTER TABLE joblog.metadata_block DROP COLUMN statistics;
