-- What readers see of metadata. The rules of V2 hold: documented column by column in
-- docs/sql-interface.md, stable, run with the rights of the caller.

CREATE VIEW jobs.metadata_key AS
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

-- Records as they are stored: blocks with consecutive numbers.
CREATE VIEW jobs.metadata_block AS
SELECT b.job_key, b.first_sequence, b.block_key, b.records, b.first_at, b.last_at, b.stream_keys,
  b.at_micros, b.lines, b.body
FROM joblog.metadata_block b;

-- Numbers as they are stored: of one key in one block, one place a record.
CREATE VIEW jobs.metadata_column AS
SELECT c.job_key, c.key, c.first_sequence, c.block_key, c.records, c.count,
  c.first_place, c.last_place, c.min_place, c.max_place,
  c.first_value, c.last_value, c.min_value, c.max_value, c.mean_value, c.strict,
  c.numbers, c.integers
FROM joblog.metadata_column c
UNION ALL
SELECT b.job_key, k.key, b.first_sequence, b.block_key, b.records, NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  b.numbers[(k.place - 1) * b.records + 1 : k.place * b.records],
  b.integers[(k.place - 1) * b.records + 1 : k.place * b.records]
FROM joblog.metadata_block b
CROSS JOIN LATERAL unnest(b.keys) WITH ORDINALITY AS k(key, place)
WHERE b.keys IS NOT NULL;

-- All keys of a job, those that serve best as X axis first; at most 1000.
CREATE FUNCTION jobs.metadata_keys(job text)
RETURNS SETOF jobs.metadata_key
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
  SELECT k.* FROM jobs.metadata_key k
  WHERE k.job_key = jobs.job_key(metadata_keys.job)
  ORDER BY k.x_class, k.key COLLATE "C"
  LIMIT 1000;
END;

-- The newest value of each key, newest first; at most 1000.
CREATE FUNCTION jobs.metadata_latest(job text, newest integer DEFAULT 200)
RETURNS TABLE (
  "time" timestamptz, key text, value text, number double precision, sequence bigint)
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
  SELECT k.last_at, k.key, k.last_text,
    CASE WHEN k.last_is_number THEN k.last_value::double precision END, k.last_sequence
  FROM jobs.metadata_key k
  WHERE k.job_key = jobs.job_key(metadata_latest.job)
  ORDER BY k.last_at DESC, k.last_sequence DESC, k.key COLLATE "C"
  LIMIT least(greatest(coalesce(metadata_latest.newest, 200), 0), 1000);
END;

-- The keys that can be an X axis, in the order in which they are chosen; at most 1000.
CREATE FUNCTION jobs.metadata_x_candidates(job text)
RETURNS TABLE (
  x text, x_class integer, x_class_name text, count bigint,
  min_value double precision, max_value double precision)
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
  SELECT k.key, k.x_class::integer, k.x_class_name, k.count,
    k.min_value::double precision, k.max_value::double precision
  FROM jobs.metadata_key k
  WHERE k.job_key = jobs.job_key(metadata_x_candidates.job) AND k.x_class < 8
  ORDER BY k.x_class, k.key COLLATE "C"
  LIMIT 1000;
END;

-- The key that a graph by X uses: the first candidate for 'auto', else the given key if it has
-- numbers. Null if there is none.
CREATE FUNCTION jobs.metadata_x(job text, x text DEFAULT 'auto')
RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT k.key FROM jobs.metadata_key k
  WHERE k.job_key = jobs.job_key(metadata_x.job) AND k.x_class < 8
    AND (coalesce(metadata_x.x, '') IN ('', 'auto') OR k.key = metadata_x.x)
  ORDER BY k.x_class, k.key COLLATE "C"
  LIMIT 1;
END;

-- The newest records of a job, newest first, at most 10000; with "before", those before a record.
--
-- The blocks that hold them are found without unpacking any, in a time that does not grow with the
-- job: of ten thousand blocks all were sorted, because the planner takes a job to have few.
CREATE FUNCTION jobs.metadata_records(
  job text, newest integer DEFAULT 500, since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL, before bigint DEFAULT NULL)
RETURNS TABLE (
  "time" timestamptz, record json, sequence bigint, stream_key bigint, line bigint)
LANGUAGE sql STABLE ROWS 500
BEGIN ATOMIC
  WITH given AS MATERIALIZED (
    SELECT jobs.job_key(metadata_records.job) AS job_key,
      least(greatest(coalesce(metadata_records.newest, 500), 0), 10000) AS n,
      coalesce(metadata_records.since, '-infinity') AS since,
      coalesce(metadata_records.until, 'infinity') AS until,
      coalesce(metadata_records.before, 9223372036854775807) AS before
  ),
  asked AS MATERIALIZED (
    SELECT g.*,
      -- Where the newest begin, if their numbers have no large holes and all lie in the range.
      greatest(0, least(g.before, 1 + (
        SELECT max(k.last_sequence) FROM jobs.metadata_key k WHERE k.job_key = g.job_key))
        - 2 * g.n - 2000) AS recent
    FROM given g
  ),
  recent AS MATERIALIZED (
    SELECT b.*, CASE
        WHEN b.first_at >= a.since AND b.last_at <= a.until
          THEN least(b.records, a.before - b.first_sequence)
        ELSE 0 END AS sure_records
    FROM asked a CROSS JOIN LATERAL (
      SELECT * FROM jobs.metadata_block x
      WHERE x.job_key = a.job_key AND x.first_sequence BETWEEN a.recent AND a.before - 1
        AND x.last_at >= a.since AND x.first_at <= a.until
    ) b
  ),
  -- Each block has a record: no more blocks than records are needed.
  candidates AS (
    SELECT r.* FROM recent r
    UNION ALL
    SELECT b.*, CASE
        WHEN b.first_at >= o.since AND b.last_at <= o.until
          THEN least(b.records, o.before - b.first_sequence)
        ELSE 0 END
    FROM (
      -- A block has at most 1,000 records: no older one reaches into what is counted.
      SELECT a.*, CASE WHEN a.n <= (SELECT sum(r.sure_records) FROM recent r
          WHERE r.first_sequence >= a.recent + 1000) THEN 0 ELSE a.n END AS more
      FROM asked a
    ) o CROSS JOIN LATERAL (
      SELECT * FROM jobs.metadata_block x
      WHERE x.job_key = o.job_key AND x.first_sequence < o.recent
        AND x.last_at >= o.since AND x.first_at <= o.until
      ORDER BY x.first_sequence DESC
      LIMIT o.more
    ) b
  ),
  needed AS (
    SELECT c.* FROM (
      SELECT c.*, sum(c.sure_records) OVER (
          ORDER BY c.first_sequence DESC, c.block_key DESC ROWS UNBOUNDED PRECEDING)
        - c.sure_records AS newer
      FROM candidates c) c, asked a
    WHERE c.newer < a.n
  ),
  found AS (
    SELECT c.first_at + coalesce(r.micros, 0) * interval '1 microsecond' AS at,
      r.body, c.first_sequence + r.place - 1 AS sequence,
      c.stream_keys[CASE WHEN cardinality(c.stream_keys) = 1 THEN 1 ELSE r.place END] AS stream_key,
      nullif(coalesce(r.line, -1), -1) AS line
    FROM needed c
    CROSS JOIN LATERAL ROWS FROM (
      json_array_elements(c.body), unnest(c.at_micros), unnest(c.lines))
      WITH ORDINALITY AS r(body, micros, line, place)
  ),
  latest AS (
    SELECT f.* FROM found f, asked a
    WHERE f.at BETWEEN a.since AND a.until AND f.sequence < a.before
    ORDER BY f.sequence DESC, f.stream_key DESC
    LIMIT (SELECT a.n FROM asked a)
  )
  SELECT l.at, l.body, l.sequence, l.stream_key, l.line
  FROM latest l
  ORDER BY l.at DESC, l.sequence DESC, l.stream_key DESC;
END;
