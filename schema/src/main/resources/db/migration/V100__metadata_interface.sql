-- What readers see of metadata. The rules of V2 hold: documented column by column in
-- docs/sql-interface.md, stable, run with the rights of the caller.
--
-- How a long graph stays cheap: a full block keeps, for each key, its first, last, least and greatest
-- number and where they stand. Where a graph would have to unpack more than 100,000 points, these
-- four real points stand for the thousand of their block; then buckets keep their last value and
-- their extremes. Nothing is interpolated.

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
    ELSE k.last_value::double precision::text END AS last_text,
  k.last_text IS NULL AS last_is_number
FROM joblog.metadata_key k;

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
-- The blocks that hold them are found without unpacking any.
CREATE FUNCTION jobs.metadata_records(
  job text, newest integer DEFAULT 500, since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL, before bigint DEFAULT NULL)
RETURNS TABLE (
  "time" timestamptz, record json, sequence bigint, stream_key bigint, line bigint)
LANGUAGE sql STABLE ROWS 500
BEGIN ATOMIC
  WITH asked AS MATERIALIZED (
    SELECT jobs.job_key(metadata_records.job) AS job_key,
      least(greatest(coalesce(metadata_records.newest, 500), 0), 10000) AS n,
      coalesce(metadata_records.since, '-infinity') AS since,
      coalesce(metadata_records.until, 'infinity') AS until,
      coalesce(metadata_records.before, 9223372036854775807) AS before
  ),
  -- Each block has a record: no more blocks than records are needed.
  candidates AS MATERIALIZED (
    SELECT b.*, CASE
        WHEN b.first_at >= a.since AND b.last_at <= a.until
          THEN least(b.records, a.before - b.first_sequence)
        ELSE 0 END AS sure_records
    FROM asked a CROSS JOIN LATERAL (
      SELECT * FROM jobs.metadata_block x
      WHERE x.job_key = a.job_key AND x.first_sequence < a.before
        AND x.last_at >= a.since AND x.first_at <= a.until
      ORDER BY x.first_sequence DESC
      LIMIT a.n
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

-- Points of keys of a job, at most 100 keys: all of them while they are few, else of each full block
-- the first, the last, the least and the greatest, where these can stand for all. Not documented:
-- the functions below are the interface. "same_x" as there; null for a graph by time.
CREATE FUNCTION jobs.metadata_sample(
  job_key bigint, x_key text, keys text[], since timestamptz, until timestamptz, same_x text)
RETURNS TABLE (
  key text, key_number bigint, sequence bigint, "time" timestamptz, x double precision,
  value double precision, exact bigint, weight double precision)
LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
  WITH wanted AS MATERIALIZED (
    SELECT k.key, row_number() OVER (ORDER BY k.key COLLATE "C") AS key_number
    FROM jobs.metadata_key k
    WHERE k.job_key = metadata_sample.job_key AND k.count > 0
      AND (metadata_sample.keys IS NULL OR k.key = ANY (metadata_sample.keys))
      AND (metadata_sample.keys IS NOT NULL OR k.key IS DISTINCT FROM metadata_sample.x_key)
    ORDER BY k.key COLLATE "C"
    LIMIT 100
  ),
  blocks AS MATERIALIZED (
    SELECT b.block_key, b.first_sequence, b.records, b.first_at, b.at_micros
    FROM jobs.metadata_block b
    WHERE b.job_key = metadata_sample.job_key
      AND b.last_at >= coalesce(metadata_sample.since, '-infinity')
      AND b.first_at <= coalesce(metadata_sample.until, 'infinity')
  ),
  size AS MATERIALIZED (
    SELECT (SELECT count(*) FROM wanted) * (SELECT coalesce(sum(b.records), 0) FROM blocks b)
        AS points,
      -- Where X turns back, a value may be written anew far away from its first: no sample then,
      -- if it can be helped.
      metadata_sample.x_key IS NULL OR EXISTS (
        SELECT FROM jobs.metadata_key k
        WHERE k.job_key = metadata_sample.job_key AND k.key = metadata_sample.x_key
          AND NOT (k.increased AND k.decreased)) AS is_monotone
  ),
  axis AS MATERIALIZED (
    SELECT c.block_key, c.numbers, c.strict, c.min_value = c.max_value AS is_constant,
      c.count = c.records AS is_dense
    FROM jobs.metadata_column c
    WHERE c.job_key = metadata_sample.job_key AND c.key = metadata_sample.x_key
  ),
  columns AS MATERIALIZED (
    SELECT w.key, w.key_number, y.first_place, y.last_place, y.min_place, y.max_place,
      y.first_value, y.last_value, y.min_value, y.max_value, y.mean_value, y.count, y.numbers,
      y.integers, b.first_sequence, b.records, b.first_at, b.at_micros, a.numbers AS x_numbers,
      a.is_constant AND metadata_sample.same_x = 'mean' AS is_mean,
      y.first_place IS NOT NULL AND (metadata_sample.x_key IS NULL OR a.is_dense)
        AND CASE
          WHEN s.is_monotone AND s.points <= 5000000 THEN s.points > 100000
            AND (metadata_sample.x_key IS NULL OR a.strict OR a.is_constant)
          ELSE s.points > 500000 END AS is_sampled
    FROM wanted w CROSS JOIN size s
    JOIN jobs.metadata_column y ON y.job_key = metadata_sample.job_key AND y.key = w.key
    JOIN blocks b ON b.block_key = y.block_key
    LEFT JOIN axis a ON a.block_key = y.block_key
    WHERE metadata_sample.x_key IS NULL OR a.block_key IS NOT NULL
  ),
  by_time AS (
    SELECT p.* FROM (
      SELECT c.key, c.key_number, c.first_sequence + p.place - 1 AS sequence,
        c.first_at + coalesce(p.micros, 0) * interval '1 microsecond' AS "time",
        NULL::double precision AS x, p.value, p.exact, NULL::double precision AS weight
      FROM columns c
      -- In the list of columns sets cost half of what they cost as tables.
      CROSS JOIN LATERAL (
        SELECT unnest(c.numbers) AS value, unnest(c.at_micros) AS micros,
          unnest(c.integers) AS exact, generate_series(1, c.records) AS place
      ) p
      WHERE NOT c.is_sampled AND p.value IS NOT NULL
      UNION ALL
      SELECT c.key, c.key_number, c.first_sequence + p.place - 1,
        c.first_at + coalesce(p.micros, 0) * interval '1 microsecond', NULL, p.value,
        c.integers[p.place], NULL
      FROM columns c
      CROSS JOIN LATERAL (
        SELECT DISTINCT q.place, q.micros, q.value
        FROM (VALUES
          (c.first_place, c.at_micros[c.first_place], c.first_value),
          (c.min_place, c.at_micros[c.min_place], c.min_value),
          (c.max_place, c.at_micros[c.max_place], c.max_value),
          (c.last_place, c.at_micros[c.last_place], c.last_value)) AS q(place, micros, value)
      ) p
      WHERE c.is_sampled
    ) p
    WHERE metadata_sample.x_key IS NULL
      AND p."time" BETWEEN coalesce(metadata_sample.since, '-infinity')
        AND coalesce(metadata_sample.until, 'infinity')
  ),
  by_x AS (
    SELECT c.key, c.key_number, c.first_sequence + p.place - 1,
      NULL::timestamptz, p.x, p.value, p.exact, 1::double precision
    FROM columns c
    CROSS JOIN LATERAL (
      SELECT unnest(c.numbers) AS value, unnest(c.x_numbers) AS x, unnest(c.integers) AS exact,
        unnest(c.numbers[2:]) AS next_value, unnest(c.x_numbers[2:]) AS next_x,
        generate_series(1, c.records) AS place
    ) p
    WHERE metadata_sample.x_key IS NOT NULL AND NOT c.is_sampled
      AND metadata_sample.same_x IS DISTINCT FROM 'mean'
      AND p.value IS NOT NULL AND p.x IS NOT NULL
      -- The next record has the same x: for 'last' this one is gone already.
      AND (metadata_sample.same_x = 'spread'
        OR p.next_x IS DISTINCT FROM p.x OR p.next_value IS NULL)
    UNION ALL
    -- The mean of each block's values at one x, which weighs as much as they are: where eight ranks
    -- print every step this leaves an eighth to sort.
    SELECT c.key, c.key_number, c.first_sequence + p.place - 1, NULL, p.x, p.value, p.exact, p.weight
    FROM columns c
    CROSS JOIN LATERAL (
      SELECT max(q.place) AS place, q.x,
        -- At most 1,000 values: the sum stays in the range of a double. A quotient below the
        -- smallest double would be an error.
        sum(CASE WHEN abs(q.value) < 1e-300 THEN 0 ELSE q.value / 1024 END) * (1024.0 / count(*))
          AS value,
        CASE WHEN count(*) = 1 THEN max(q.exact) END AS exact, count(*)::double precision AS weight
      FROM (
        SELECT unnest(c.numbers) AS value, unnest(c.x_numbers) AS x, unnest(c.integers) AS exact,
          generate_series(1, c.records) AS place
      ) q
      WHERE q.value IS NOT NULL AND q.x IS NOT NULL
      GROUP BY q.x
    ) p
    WHERE metadata_sample.x_key IS NOT NULL AND NOT c.is_sampled
      AND metadata_sample.same_x = 'mean'
    UNION ALL
    SELECT c.key, c.key_number, c.first_sequence + p.place - 1,
      NULL, p.x, p.value, c.integers[p.place], p.weight
    FROM columns c
    CROSS JOIN LATERAL (
      SELECT DISTINCT q.place, q.x, q.value, q.weight
      FROM (VALUES
        (c.first_place, c.x_numbers[c.first_place], c.first_value, 1::double precision),
        (c.min_place, c.x_numbers[c.min_place], c.min_value, 1),
        (c.max_place, c.x_numbers[c.max_place], c.max_value, 1),
        (c.last_place, c.x_numbers[c.last_place], c.last_value, 1)) AS q(place, x, value, weight)
      WHERE NOT c.is_mean
      UNION ALL
      SELECT c.last_place, c.x_numbers[c.last_place], c.mean_value, c.count
      WHERE c.is_mean
    ) p
    WHERE metadata_sample.x_key IS NOT NULL AND c.is_sampled
  )
  SELECT * FROM by_time
  UNION ALL
  SELECT * FROM by_x;
END;

-- How many points a caller gets of a key: 10 to 10000.
CREATE FUNCTION jobs.metadata_bound(points integer) RETURNS integer
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT least(greatest(coalesce(points, 1000), 10), 10000);
END;

-- A number as bigint, if it is one, exactly.
CREATE FUNCTION jobs.metadata_integer(value double precision, exact bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT coalesce(exact,
    CASE WHEN abs(value) <= 9007199254740992 AND value = trunc(value) THEN value::bigint END);
END;

-- Numbers of a job by time, of at most 100 keys (all, or the given ones): about so many points of
-- each, real ones, the last and the extremes of every stretch among them. In order of time.
CREATE FUNCTION jobs.metadata_by_time(
  job text, keys text[] DEFAULT NULL, since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL, points integer DEFAULT 1000)
RETURNS TABLE (
  "time" timestamptz, key text, value double precision, integer_value bigint, sequence bigint)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH ordered AS MATERIALIZED (
    SELECT s.*, row_number() OVER w AS n, count(*) OVER (PARTITION BY s.key_number) AS of
    FROM jobs.metadata_sample(
      jobs.job_key(metadata_by_time.job), NULL, metadata_by_time.keys, metadata_by_time.since,
      metadata_by_time.until, NULL) s
    WINDOW w AS (PARTITION BY s.key_number ORDER BY s."time", s.sequence)
  ),
  bucketed AS (
    SELECT o.*, CASE
        WHEN o.of <= jobs.metadata_bound(metadata_by_time.points) THEN o.n
        ELSE (o.n - 1) * (jobs.metadata_bound(metadata_by_time.points) / 3) / o.of END AS bucket
    FROM ordered o
  ),
  bounds AS (
    SELECT b.key_number, b.bucket, max(b.n) AS last, min(b.value) AS least, max(b.value) AS most
    FROM bucketed b
    GROUP BY b.key_number, b.bucket
  )
  SELECT k."time", k.key, k.value, jobs.metadata_integer(k.value, k.exact), k.sequence
  FROM (
    -- Of equal extremes the first, and the last of the bucket whatever it is.
    SELECT DISTINCT ON (b.key_number, b.bucket, b.value, b.n = o.last) b.*
    FROM bucketed b JOIN bounds o ON o.key_number = b.key_number AND o.bucket = b.bucket
    WHERE b.n = o.last OR b.value = o.least OR b.value = o.most
    ORDER BY b.key_number, b.bucket, b.value, b.n = o.last, b.n
  ) k
  ORDER BY k."time", k.sequence, k.key_number;
END;

-- Numbers of a job over the key x ('auto': the first candidate), of at most 100 keys (all but x, or
-- the given ones): about so many points of each, real ones, the last and the extremes of every
-- stretch among them. In order of x.
--
-- Of several values at one x: 'last' keeps the newest, 'mean' their mean, 'spread' all of them, side
-- by side from x on towards the next.
CREATE FUNCTION jobs.metadata_by_x(
  job text, x text DEFAULT 'auto', keys text[] DEFAULT NULL, same_x text DEFAULT 'last',
  points integer DEFAULT 1000)
RETURNS TABLE (
  x double precision, key text, value double precision, integer_value bigint, sequence bigint,
  x_key text)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH axis AS MATERIALIZED (
    SELECT jobs.metadata_x(metadata_by_x.job, metadata_by_x.x) AS key
  ),
  sample AS (
    SELECT s.key, s.key_number, s.sequence, s.x, s.value, s.exact, s.weight,
      lead(s.x) OVER w AS next_x
    FROM axis a CROSS JOIN LATERAL jobs.metadata_sample(
      jobs.job_key(metadata_by_x.job), a.key, metadata_by_x.keys, NULL, NULL,
      coalesce(metadata_by_x.same_x, 'last')) s
    WHERE a.key IS NOT NULL
    WINDOW w AS (PARTITION BY s.key_number ORDER BY s.x, s.sequence)
  ),
  -- Distinct values of x, and the room behind each.
  places AS (
    SELECT p.key_number, p.x, p.first_sequence, p.last_sequence, p.weight,
      -- Differences and products out of the range of a double would be errors.
      CASE WHEN abs(p.x) < 1e300 AND abs(coalesce(p.next, p.before, 0)) < 1e300
          AND coalesce(p.next - p.x, p.x - p.before, 1) > 1e-300
        THEN coalesce(p.next - p.x, p.x - p.before, 1) ELSE 0 END AS room
    FROM (
      SELECT s.key_number, s.x, min(s.sequence) AS first_sequence,
        max(s.sequence) AS last_sequence, sum(s.weight) AS weight,
        lead(s.x) OVER w AS next, lag(s.x) OVER w AS before
      FROM sample s
      WHERE metadata_by_x.same_x IN ('mean', 'spread')
      GROUP BY s.key_number, s.x
      WINDOW w AS (PARTITION BY s.key_number ORDER BY s.x)
    ) p
  ),
  single AS (
    SELECT s.key, s.key_number, s.x, s.value, s.exact, s.sequence
    FROM sample s
    WHERE coalesce(metadata_by_x.same_x, '') NOT IN ('mean', 'spread')
      AND s.next_x IS DISTINCT FROM s.x
    UNION ALL
    SELECT s.key, s.key_number, s.x, 
      -- A product below the smallest double would be an error.
      sum(CASE WHEN abs(s.value) < 1e-300 THEN 0 ELSE s.value * (s.weight / p.weight) END),
      CASE WHEN count(*) = 1 THEN max(s.exact) END, max(s.sequence)
    FROM sample s JOIN places p ON p.key_number = s.key_number AND p.x = s.x
    WHERE metadata_by_x.same_x = 'mean'
    GROUP BY s.key, s.key_number, s.x
    UNION ALL
    SELECT s.key, s.key_number,
      s.x + p.room * ((s.sequence - p.first_sequence)::double precision
        / (p.last_sequence - p.first_sequence + 1)),
      s.value, s.exact, s.sequence
    FROM sample s JOIN places p ON p.key_number = s.key_number AND p.x = s.x
    WHERE metadata_by_x.same_x = 'spread'
  ),
  ordered AS MATERIALIZED (
    SELECT s.*, row_number() OVER w AS n, count(*) OVER (PARTITION BY s.key_number) AS of
    FROM single s
    WINDOW w AS (PARTITION BY s.key_number ORDER BY s.x, s.sequence)
  ),
  bucketed AS (
    SELECT o.*, CASE
        WHEN o.of <= jobs.metadata_bound(metadata_by_x.points) THEN o.n
        ELSE (o.n - 1) * (jobs.metadata_bound(metadata_by_x.points) / 3) / o.of END AS bucket
    FROM ordered o
  ),
  bounds AS (
    SELECT b.key_number, b.bucket, max(b.n) AS last, min(b.value) AS least, max(b.value) AS most
    FROM bucketed b
    GROUP BY b.key_number, b.bucket
  )
  SELECT k.x, k.key, k.value, jobs.metadata_integer(k.value, k.exact), k.sequence, a.key
  FROM axis a CROSS JOIN (
    SELECT DISTINCT ON (b.key_number, b.bucket, b.value, b.n = o.last) b.*
    FROM bucketed b JOIN bounds o ON o.key_number = b.key_number AND o.bucket = b.bucket
    WHERE b.n = o.last OR b.value = o.least OR b.value = o.most
    ORDER BY b.key_number, b.bucket, b.value, b.n = o.last, b.n
  ) k
  ORDER BY k.x, k.sequence, k.key_number;
END;

-- The key over which jobs are compared: with 'auto' the best candidate that all of them have.
CREATE FUNCTION jobs.metadata_common_x(jobs text[], x text DEFAULT 'auto')
RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT k.key
  FROM (SELECT DISTINCT jobs.job_key(j.job) AS job_key
        FROM unnest(metadata_common_x.jobs[1:20]) AS j(job)) asked
  JOIN jobs.metadata_key k ON k.job_key = asked.job_key
  WHERE k.x_class < 8
    AND (coalesce(metadata_common_x.x, '') IN ('', 'auto') OR k.key = metadata_common_x.x)
  GROUP BY k.key
  ORDER BY count(*) DESC, max(k.x_class), k.key COLLATE "C"
  LIMIT 1;
END;

-- One key of several jobs, at most 20, over one X; columns as in metadata_by_x.
CREATE FUNCTION jobs.metadata_compare(
  jobs text[], key text, x text DEFAULT 'auto', same_x text DEFAULT 'last',
  points integer DEFAULT 1000)
RETURNS TABLE (
  x double precision, job text, value double precision, integer_value bigint, sequence bigint,
  x_key text)
LANGUAGE sql STABLE ROWS 5000
BEGIN ATOMIC
  SELECT p.x, j.job, p.value, p.integer_value, p.sequence, p.x_key
  FROM (SELECT DISTINCT a.job FROM unnest(metadata_compare.jobs[1:20]) AS a(job)) j
  CROSS JOIN LATERAL jobs.metadata_by_x(
    j.job, jobs.metadata_common_x(metadata_compare.jobs, metadata_compare.x),
    ARRAY[metadata_compare.key], metadata_compare.same_x, metadata_compare.points) p
  ORDER BY p.x, j.job COLLATE "C", p.sequence;
END;
