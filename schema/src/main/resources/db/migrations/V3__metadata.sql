-- Metadata: records for tables, numbers for graphs, statistics of keys to choose the X axis.
--
-- Records come in blocks of consecutive numbers. A full block (about 1,000 records) has one row for
-- each key beside it, in metadata_column: one place a record, null where the record lacks the key, so
-- that the numbers of two keys and the times of a block lie side by side. What a slow job commits
-- is an open block with its numbers inside; when the numbers of its records pass a multiple of
-- 1,000 the writer joins the open blocks into a full one. See docs/decisions/040.

CREATE TABLE joblog.metadata_block (
  job_key bigint NOT NULL,
  first_sequence bigint NOT NULL,
  -- Two servers can number the records of one job for as long as it takes to move it from one to
  -- the other: the sequence alone is no key. Random.
  block_key bigint NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  -- Readers rely on the bound: they find the block of a record without knowing where it begins.
  records integer NOT NULL CHECK (records BETWEEN 1 AND 1000),
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  stream_keys bigint[] NOT NULL,                     -- one for all, or one a record
  at_micros bigint[],                                -- since first_at; null: all at first_at
  lines bigint[],                                    -- null: no text of them is stored
  keys text[],                                       -- null: a full block
  numbers double precision[],                        -- of an open block, key after key
  integers bigint[],                                 -- where a double does not hold them
  -- An array of the objects as they were printed, one a line. Not jsonb: it keeps the order of the
  -- keys and the spelling of the numbers, and is read and written faster.
  body json NOT NULL,
  -- The newest block of a job carries the statistics of the keys that changed lately: writing them
  -- costs no statement and no dead row. What is in metadata_key is older, or of keys that have not
  -- changed since. See docs/decisions/104. An array with an array for each key: key, count, holes,
  -- flags, x_class, last_value, first_value, min_value, max_value, records before the block's newest,
  -- microseconds before its last_at, last_text. Flags: 1 all integers, 2 increased, 4 decreased. A
  -- first, least or greatest value that equals the last one is null. As text: that it is JSON would
  -- be checked with every commit, and is only needed when they are read.
  carried text,
  PRIMARY KEY (job_key, first_sequence, block_key, stored_at)
) PARTITION BY RANGE (stored_at);

CREATE TABLE joblog.metadata_column (
  job_key bigint NOT NULL,
  key text NOT NULL,
  first_sequence bigint NOT NULL,
  block_key bigint NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  records integer NOT NULL,                          -- of its block
  count integer NOT NULL,                            -- numbers among them
  -- What a long graph needs of the column without unpacking it. Places count from 1.
  first_place integer NOT NULL,
  last_place integer NOT NULL,
  min_place integer NOT NULL,
  max_place integer NOT NULL,
  first_value double precision NOT NULL,
  last_value double precision NOT NULL,
  min_value double precision NOT NULL,
  max_value double precision NOT NULL,
  mean_value double precision NOT NULL,
  strict boolean NOT NULL,                           -- all rise, or all fall: no two are equal
  numbers double precision[] NOT NULL,
  integers bigint[],
  PRIMARY KEY (job_key, key, first_sequence, block_key, stored_at)
) PARTITION BY RANGE (stored_at);

-- lz4 where the server has it, as for chunks; else nothing: pglz would halve the rate of records.
DO $$
DECLARE
  target record;
  has_lz4 boolean := EXISTS (SELECT FROM pg_catalog.pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals));
BEGIN
  FOR target IN
    SELECT c.oid::regclass AS relation, a.attname AS name
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    WHERE c.oid IN ('joblog.metadata_block'::regclass, 'joblog.metadata_column'::regclass)
      AND a.attnum > 0 AND a.attstorage = 'x' AND NOT a.attisdropped
  LOOP
    EXECUTE format(
      CASE WHEN has_lz4 THEN 'ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4'
        ELSE 'ALTER TABLE %s ALTER COLUMN %I SET STORAGE EXTERNAL' END,
      target.relation, target.name);
  END LOOP;
END
$$;

CREATE TABLE joblog.metadata_key (
  job_key bigint NOT NULL,
  key text NOT NULL,
  count bigint NOT NULL,                             -- finite numbers
  holes bigint NOT NULL,                             -- NaN, infinities, out of range
  all_integers boolean NOT NULL,
  increased boolean NOT NULL,                        -- at least once above the value before
  decreased boolean NOT NULL,                        -- at least once below the value before
  x_class smallint NOT NULL,                         -- 1 to 7, best first; 8: no number
  first_value numeric,                               -- exact; null: no finite number yet
  last_value numeric,
  min_value numeric,
  max_value numeric,
  last_sequence bigint NOT NULL,                     -- newest record with this key
  last_at timestamptz NOT NULL,
  last_text text,                                    -- its value, if it is not a finite number
  PRIMARY KEY (job_key, key)
) WITH (fillfactor = 70);

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
