-- Graphs by an X that repeats, as when eight ranks print every step, without sorting all points: the
-- blocks of a long graph are reduced one by one. See docs/decisions/106. What was one function for both
-- kinds of graphs is two: they have little in common.

-- Points by time, as V100 had them.
CREATE FUNCTION jobs.metadata_sample_by_time(
  job_key bigint, keys text[], since timestamptz, until timestamptz)
RETURNS TABLE (
  key text, key_number bigint, sequence bigint, "time" timestamptz,
  value double precision, exact bigint)
LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
  WITH wanted AS MATERIALIZED (
    SELECT k.key, row_number() OVER (ORDER BY k.key COLLATE "C") AS key_number
    FROM jobs.metadata_key k
    WHERE k.job_key = metadata_sample_by_time.job_key AND k.count > 0
      AND (metadata_sample_by_time.keys IS NULL OR k.key = ANY (metadata_sample_by_time.keys))
    ORDER BY k.key COLLATE "C"
    LIMIT 100
  ),
  blocks AS MATERIALIZED (
    SELECT b.block_key, b.first_sequence, b.records, b.first_at, b.at_micros
    FROM jobs.metadata_block b
    WHERE b.job_key = metadata_sample_by_time.job_key
      AND b.last_at >= coalesce(metadata_sample_by_time.since, '-infinity')
      AND b.first_at <= coalesce(metadata_sample_by_time.until, 'infinity')
  ),
  size AS MATERIALIZED (
    SELECT (SELECT count(*) FROM wanted) * (SELECT coalesce(sum(b.records), 0) FROM blocks b)
      AS points
  ),
  columns AS MATERIALIZED (
    SELECT w.key, w.key_number, y.first_place, y.last_place, y.min_place, y.max_place,
      y.first_value, y.last_value, y.min_value, y.max_value, y.numbers, y.integers,
      b.first_sequence, b.records, b.first_at, b.at_micros,
      y.first_place IS NOT NULL AND s.points > 100000 AS is_sampled
    FROM wanted w CROSS JOIN size s
    JOIN jobs.metadata_column y
      ON y.job_key = metadata_sample_by_time.job_key AND y.key = w.key
    JOIN blocks b ON b.block_key = y.block_key
  ),
  points AS (
    SELECT c.key, c.key_number, c.first_sequence + p.place - 1 AS sequence,
      c.first_at + coalesce(p.micros, 0) * interval '1 microsecond' AS "time", p.value, p.exact
    FROM columns c
    -- In the list of columns sets cost half of what they cost as tables.
    CROSS JOIN LATERAL (
      SELECT unnest(c.numbers) AS value, unnest(c.at_micros) AS micros,
        unnest(c.integers) AS exact, generate_series(1, c.records) AS place
    ) p
    WHERE NOT c.is_sampled AND p.value IS NOT NULL
    UNION ALL
    SELECT c.key, c.key_number, c.first_sequence + p.place - 1,
      c.first_at + coalesce(p.micros, 0) * interval '1 microsecond', p.value,
      c.integers[p.place]
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
  )
  SELECT p.* FROM points p
  WHERE p."time" BETWEEN coalesce(metadata_sample_by_time.since, '-infinity')
    AND coalesce(metadata_sample_by_time.until, 'infinity');
END;

-- Points over the key x_key, of at most 100 keys (all but x_key, or the given ones). While they are
-- few they are all there. Of a long graph each full block is reduced on its own:
--
-- * "sample": the first, the last, the least and the greatest stand for the block, unread: where no X
--   of the block stands twice, where all are one X, for 'spread', and where there are very many.
-- * "reduce": for 'last' and 'mean' the block is read, its points are made one an X, and of these the
--   first, the last, the least and the greatest are kept. An X that goes on in the next block is
--   the last here and the first there, so that who calls can join the two.
--
-- "weight" is the number of values that a point stands for at its X; first_sequence and last_sequence
-- are those of the values at its X as far as the block knows, and next_x the X above.
CREATE FUNCTION jobs.metadata_sample_by_x(job_key bigint, x_key text, keys text[], same_x text)
RETURNS TABLE (
  key text, key_number bigint, sequence bigint, x double precision, value double precision,
  exact bigint, weight double precision, first_sequence bigint, last_sequence bigint,
  next_x double precision)
LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
  WITH wanted AS MATERIALIZED (
    SELECT k.key, row_number() OVER (ORDER BY k.key COLLATE "C") AS key_number
    FROM jobs.metadata_key k
    WHERE k.job_key = metadata_sample_by_x.job_key AND k.count > 0
      AND (metadata_sample_by_x.keys IS NULL OR k.key = ANY (metadata_sample_by_x.keys))
      AND (metadata_sample_by_x.keys IS NOT NULL
        OR k.key IS DISTINCT FROM metadata_sample_by_x.x_key)
    ORDER BY k.key COLLATE "C"
    LIMIT 100
  ),
  blocks AS MATERIALIZED (
    SELECT b.block_key, b.first_sequence, b.records
    FROM jobs.metadata_block b
    WHERE b.job_key = metadata_sample_by_x.job_key
  ),
  size AS MATERIALIZED (
    SELECT (SELECT count(*) FROM wanted) * (SELECT coalesce(sum(b.records), 0) FROM blocks b)
        AS points,
      -- Where X turns back, a value may be written anew far away from its first: no sample then,
      -- if it can be helped.
      EXISTS (
        SELECT FROM jobs.metadata_key k
        WHERE k.job_key = metadata_sample_by_x.job_key AND k.key = metadata_sample_by_x.x_key
          AND NOT (k.increased AND k.decreased)) AS is_monotone
  ),
  axis AS MATERIALIZED (
    SELECT c.block_key, c.numbers, c.strict, c.min_value = c.max_value AS is_constant,
      c.count = c.records AS is_dense
    FROM jobs.metadata_column c
    WHERE c.job_key = metadata_sample_by_x.job_key AND c.key = metadata_sample_by_x.x_key
  ),
  columns AS MATERIALIZED (
    SELECT w.key, w.key_number, y.first_place, y.last_place, y.min_place, y.max_place,
      y.first_value, y.last_value, y.min_value, y.max_value, y.mean_value, y.count, y.numbers,
      y.integers, b.first_sequence, b.records, a.numbers AS x_numbers,
      a.is_constant AND metadata_sample_by_x.same_x = 'mean' AS is_mean,
      s.is_monotone AND NOT (a.strict OR a.is_constant)
        AND metadata_sample_by_x.same_x = 'spread' AS is_stepped,
      CASE
        WHEN y.first_place IS NULL OR NOT a.is_dense OR s.points <= 100000 THEN 'all'
        WHEN NOT s.is_monotone THEN CASE WHEN s.points > 250000 THEN 'sample' ELSE 'all' END
        WHEN a.strict OR a.is_constant OR metadata_sample_by_x.same_x = 'spread'
          OR s.points > 2000000 THEN 'sample'
        -- Where a record lacks the key, the newest value at an X is known at the end only.
        WHEN metadata_sample_by_x.same_x = 'mean' OR y.count = y.records THEN 'reduce'
        ELSE 'all' END AS way
    FROM wanted w CROSS JOIN size s
    JOIN jobs.metadata_column y ON y.job_key = metadata_sample_by_x.job_key AND y.key = w.key
    JOIN blocks b ON b.block_key = y.block_key
    JOIN axis a ON a.block_key = y.block_key
  )
  SELECT c.key, c.key_number, c.first_sequence + p.place - 1, p.x, p.value, p.exact,
    1::double precision, c.first_sequence + p.place - 1, c.first_sequence + p.place - 1,
    NULL::double precision
  FROM columns c
  CROSS JOIN LATERAL (
    SELECT unnest(c.numbers) AS value, unnest(c.x_numbers) AS x, unnest(c.integers) AS exact,
      generate_series(1, c.records) AS place
  ) p
  WHERE metadata_sample_by_x.same_x = 'spread' AND c.way = 'all'
    AND p.value IS NOT NULL AND p.x IS NOT NULL
  UNION ALL
  SELECT c.key, c.key_number, c.first_sequence + p.place - 1, p.x, p.value, p.exact,
    1, c.first_sequence + p.place - 1, c.first_sequence + p.place - 1, NULL
  FROM columns c
  CROSS JOIN LATERAL (
    SELECT r.place, r.x, r.value, r.exact, min(r.value) OVER w AS least, max(r.value) OVER w AS most,
      min(r.x) OVER w AS lowest, max(r.x) OVER w AS highest
    FROM (
      SELECT unnest(c.numbers) AS value, unnest(c.x_numbers) AS x, unnest(c.integers) AS exact,
        unnest(c.numbers[2:]) AS next_value, unnest(c.x_numbers[2:]) AS next_x,
        generate_series(1, c.records) AS place
    ) r
    WHERE r.value IS NOT NULL AND r.x IS NOT NULL
      -- If the next record has the same x, this one is gone already.
      AND (r.next_x IS DISTINCT FROM r.x OR r.next_value IS NULL)
    WINDOW w AS ()
  ) p
  WHERE metadata_sample_by_x.same_x NOT IN ('mean', 'spread') AND c.way <> 'sample'
    AND (c.way = 'all' OR p.value IN (p.least, p.most) OR p.x IN (p.lowest, p.highest))
  UNION ALL
  -- The mean of each block's values at one x, which weighs as much as they are.
  SELECT c.key, c.key_number, c.first_sequence + p.place - 1, p.x, p.value, p.exact,
    p.weight, c.first_sequence + p.place - 1, c.first_sequence + p.place - 1, NULL
  FROM columns c
  CROSS JOIN LATERAL (
    SELECT r.*, min(r.value) OVER w AS least, max(r.value) OVER w AS most,
      min(r.x) OVER w AS lowest, max(r.x) OVER w AS highest
    FROM (
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
    ) r
    WINDOW w AS ()
  ) p
  WHERE metadata_sample_by_x.same_x = 'mean' AND c.way <> 'sample'
    AND (c.way = 'all' OR p.value IN (p.least, p.most) OR p.x IN (p.lowest, p.highest))
  UNION ALL
  SELECT c.key, c.key_number, c.first_sequence + p.place - 1, p.x, p.value, c.integers[p.place],
    p.weight, c.first_sequence + coalesce(g.places[1], p.place) - 1,
    c.first_sequence + coalesce(g.places[cardinality(g.places)], p.place) - 1,
    CASE WHEN g.beside > p.x THEN g.beside END
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
  -- X goes one way: the places with the same X are one stretch.
  CROSS JOIN LATERAL (
    SELECT f.places,
      greatest(c.x_numbers[f.places[1] - 1], c.x_numbers[f.places[cardinality(f.places)] + 1])
        AS beside
    -- OFFSET: else it is searched for wherever it is named.
    FROM (SELECT CASE WHEN c.is_stepped THEN array_positions(c.x_numbers, p.x) END AS places
          OFFSET 0) f
  ) g
  WHERE c.way = 'sample';
END;

CREATE OR REPLACE FUNCTION jobs.metadata_by_time(
  job text, keys text[] DEFAULT NULL, since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL, points integer DEFAULT 1000)
RETURNS TABLE (
  "time" timestamptz, key text, value double precision, integer_value bigint, sequence bigint)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH ordered AS MATERIALIZED (
    SELECT s.*, row_number() OVER w AS n, count(*) OVER (PARTITION BY s.key_number) AS of
    FROM jobs.metadata_sample_by_time(
      jobs.job_key(metadata_by_time.job), metadata_by_time.keys, metadata_by_time.since,
      metadata_by_time.until) s
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

CREATE OR REPLACE FUNCTION jobs.metadata_by_x(
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
    SELECT s.*, lead(s.x) OVER w AS following_x
    FROM axis a CROSS JOIN LATERAL jobs.metadata_sample_by_x(
      jobs.job_key(metadata_by_x.job), a.key, metadata_by_x.keys,
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
      SELECT s.key_number, s.x, min(s.first_sequence) AS first_sequence,
        max(s.last_sequence) AS last_sequence, sum(s.weight) AS weight,
        coalesce(min(s.next_x), lead(s.x) OVER w) AS next, lag(s.x) OVER w AS before
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
      AND s.following_x IS DISTINCT FROM s.x
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

DROP FUNCTION jobs.metadata_sample;
