-- Numbers of jobs for graphs: points by time and over a key, and what the dashboards draw of them. The
-- rules of V2 hold; documented in docs/sql-interface.md and docs/grafana.md.
--
-- How a long graph stays cheap: a full block keeps, for each key, its first, last, least and greatest
-- number and where they stand. Where a graph would have to unpack more than 100,000 points, these
-- four real points stand for the thousand of their block, and beside them every so many records one is
-- drawn; keys that few records have are drawn whole, and so are the blocks at the borders of a range of
-- time. Then buckets keep their last value and their extremes; the first point and the newest record are
-- always there. Nothing is interpolated. By X every point is true, whatever the size: the newest or the
-- mean of all values at its X (docs/decisions/106, 109, 115, 116).
--
-- The time of a graph does not depend on what the planner believes: it takes a job to be as large as
-- jobs are on average, and would compare each block of a large one with each other. So nothing is
-- joined that grows with the job: windows and hashed subplans do it.
--
-- CREATE OR REPLACE: in a database of before docs/decisions/135 earlier ones are there.

-- How many points a caller gets of a key: 10 to 10000.
CREATE OR REPLACE FUNCTION jobs.metadata_bound(points integer) RETURNS integer
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT least(greatest(coalesce(points, 1000), 10), 10000);
END;

-- A number as bigint, if it is one, exactly.
CREATE OR REPLACE FUNCTION jobs.metadata_integer(value double precision, exact bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT coalesce(exact,
    CASE WHEN abs(value) <= 9007199254740992 AND value = trunc(value) THEN value::bigint END);
END;

-- Every how many records one is drawn, of so many keys that have so many numbers together. What is drawn
-- is sorted: 50,000 take a tenth of a second. 2,000 of each of up to twenty-five keys, and 500 of each of a
-- hundred, are more than a graph keeps.
CREATE OR REPLACE FUNCTION jobs.metadata_stride(keys bigint, points numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT greatest(1, ceil(points / 50000), ceil(points / (2000 * greatest(keys, 1))))::bigint;
END;

-- Whether a block has no more numbers of a key than would be drawn of a dense one. To find them reads the
-- column: of jobs beyond two million numbers that takes too long.
CREATE OR REPLACE FUNCTION jobs.metadata_is_sparse(
  count integer, records integer, points numeric, stride bigint)
RETURNS boolean
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT points <= 2000000 AND count * stride <= records;
END;

-- The places in a block of the records that are drawn: their numbers in the job are multiples.
CREATE OR REPLACE FUNCTION jobs.metadata_places(first_sequence bigint, records integer, stride bigint)
RETURNS TABLE (place integer)
LANGUAGE sql IMMUTABLE ROWS 10
BEGIN ATOMIC
  SELECT p.place::integer FROM generate_series(
    1 + (stride - first_sequence % stride) % stride, records::bigint, stride) AS p(place);
END;

-- Points of keys of a job by time, of at most 100 keys (all, or the given ones): all of them while they
-- are few, else of each full block its ends and what is drawn beside them. Not documented, as all
-- functions here that have no job as text: those by time and by X are the interface.
CREATE OR REPLACE FUNCTION jobs.metadata_points_by_time(
  job_key bigint, keys text[], since timestamptz, until timestamptz)
RETURNS TABLE (
  key text, key_number bigint, sequence bigint, "time" timestamptz,
  value double precision, exact bigint)
LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
  WITH wanted AS MATERIALIZED (
    SELECT k.key, row_number() OVER (ORDER BY k.key COLLATE "C") AS key_number
    FROM jobs.metadata_key k
    WHERE k.job_key = metadata_points_by_time.job_key AND k.count > 0
      AND (metadata_points_by_time.keys IS NULL OR k.key = ANY (metadata_points_by_time.keys))
    ORDER BY k.key COLLATE "C"
    LIMIT 100
  ),
  blocks AS MATERIALIZED (
    SELECT b.block_key, b.records, b.first_at, b.at_micros,
      b.first_at >= coalesce(metadata_points_by_time.since, '-infinity')
        AND b.last_at <= coalesce(metadata_points_by_time.until, 'infinity') AS is_inside
    FROM jobs.metadata_block b
    WHERE b.job_key = metadata_points_by_time.job_key
      AND b.last_at >= coalesce(metadata_points_by_time.since, '-infinity')
      AND b.first_at <= coalesce(metadata_points_by_time.until, 'infinity')
  ),
  size AS MATERIALIZED (
    SELECT p.keys * p.records AS points, jobs.metadata_stride(p.keys, p.keys * p.records) AS stride
    FROM (
      SELECT (SELECT count(*) FROM wanted) AS keys,
        (SELECT coalesce(sum(b.records), 0) FROM blocks b) AS records
    ) p
  ),
  -- A block comes before its columns.
  parts AS (
    SELECT b.block_key, 0::bigint AS key_number, NULL AS key, b.first_at, b.at_micros,
      b.is_inside, NULL::bigint AS first_sequence, NULL::integer AS records, NULL::integer AS count,
      NULL::integer AS first_place, NULL::integer AS last_place,
      NULL::integer AS min_place, NULL::integer AS max_place,
      NULL::double precision[] AS numbers, NULL::bigint[] AS integers
    FROM blocks b
    UNION ALL
    SELECT y.block_key, w.key_number, w.key, NULL, NULL, NULL, y.first_sequence, y.records, y.count,
      y.first_place, y.last_place, y.min_place, y.max_place, y.numbers, y.integers
    FROM wanted w
    JOIN jobs.metadata_column y
      ON y.job_key = metadata_points_by_time.job_key AND y.key = w.key
  ),
  columns AS MATERIALIZED (
    SELECT p.*, s.stride,
      p.first_place IS NOT NULL AND p.is_inside AND s.points > 100000
        AND NOT jobs.metadata_is_sparse(p.count, p.records, s.points, s.stride) AS is_sampled
    FROM (
      SELECT q.key, q.key_number, q.first_sequence, q.records, q.count, q.first_place, q.last_place,
        q.min_place, q.max_place, q.numbers, q.integers,
        first_value(q.first_at) OVER block AS first_at,
        first_value(q.is_inside) OVER block AS is_inside,
        first_value(q.at_micros) OVER block AS at_micros
      FROM parts q
      WINDOW block AS (PARTITION BY q.block_key ORDER BY q.key_number)
    ) p CROSS JOIN size s
    -- Else the block lies outside of the range.
    WHERE p.key_number > 0 AND p.first_at IS NOT NULL
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
      SELECT DISTINCT q.place, a.micros[q.place] AS micros, a.numbers[q.place] AS value
      -- Slices are copies in memory; OFFSET: one for all places.
      FROM (SELECT c.at_micros[:] AS micros, c.numbers[:] AS numbers OFFSET 0) a
      CROSS JOIN LATERAL (
        VALUES (c.first_place), (c.min_place), (c.max_place), (c.last_place)
        UNION ALL
        SELECT p.place FROM jobs.metadata_places(c.first_sequence, c.records, c.stride) p(place)
      ) q(place)
    ) p
    WHERE c.is_sampled AND p.value IS NOT NULL
  )
  SELECT p.* FROM points p
  WHERE p."time" BETWEEN coalesce(metadata_points_by_time.since, '-infinity')
    AND coalesce(metadata_points_by_time.until, 'infinity');
END;

-- Numbers of a job by time, of at most 100 keys (all, or the given ones): about so many points of
-- each, real ones, the last and the extremes of every stretch among them. In order of time.
CREATE OR REPLACE FUNCTION jobs.metadata_by_time(
  job text, keys text[] DEFAULT NULL, since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL, points integer DEFAULT 1000)
RETURNS TABLE (
  "time" timestamptz, key text, value double precision, integer_value bigint, sequence bigint)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH ordered AS MATERIALIZED (
    SELECT s.*, row_number() OVER w AS n, count(*) OVER (PARTITION BY s.key_number) AS of
    FROM jobs.metadata_points_by_time(
      jobs.job_key(metadata_by_time.job), metadata_by_time.keys, metadata_by_time.since,
      metadata_by_time.until) s
    WINDOW w AS (PARTITION BY s.key_number ORDER BY s."time", s.sequence)
  ),
  bucketed AS (
    SELECT o.*, CASE
        WHEN o.of <= jobs.metadata_bound(metadata_by_time.points) THEN o.n
        ELSE (o.n - 1) * ((jobs.metadata_bound(metadata_by_time.points) - 2) / 3) / o.of END AS bucket
    FROM ordered o
  ),
  bounded AS (
    SELECT b.*, b.n = 1 OR b.n = max(b.n) OVER w AS is_end,
      min(b.value) OVER w AS least, max(b.value) OVER w AS most
    FROM bucketed b
    WINDOW w AS (PARTITION BY b.key_number, b.bucket)
  )
  SELECT k."time", k.key, k.value, jobs.metadata_integer(k.value, k.exact), k.sequence
  FROM (
    -- Of equal extremes the first; and the first of all and the last of the bucket whatever they are.
    SELECT DISTINCT ON (b.key_number, b.bucket, b.value, CASE WHEN b.is_end THEN b.n END) b.*
    FROM bounded b
    WHERE b.is_end OR b.value = b.least OR b.value = b.most
    ORDER BY b.key_number, b.bucket, b.value, CASE WHEN b.is_end THEN b.n END, b.n
  ) k
  ORDER BY k."time", k.sequence, k.key_number;
END;

-- The points by which a full block is known: its ends, and the records that are drawn in any case. And the
-- X beside them: of X that rises or falls they are the next ones.
CREATE OR REPLACE FUNCTION jobs.metadata_ends(
  numbers double precision[], x_numbers double precision[], first_place integer, last_place integer, min_place integer,
  max_place integer, first_sequence bigint, stride bigint)
RETURNS TABLE (
  place integer, x double precision, x_below double precision, x_above double precision,
  value double precision)
LANGUAGE sql IMMUTABLE ROWS 10
BEGIN ATOMIC
  SELECT DISTINCT p.place, a.x_numbers[p.place],
    least(a.x_numbers[p.place - 1], a.x_numbers[p.place + 1]),
    greatest(a.x_numbers[p.place - 1], a.x_numbers[p.place + 1]), a.numbers[p.place]
  -- Slices are copies in memory; OFFSET: one for all places.
  FROM (
    SELECT metadata_ends.numbers[:] AS numbers, metadata_ends.x_numbers[:] AS x_numbers OFFSET 0
  ) a
  CROSS JOIN LATERAL (
    VALUES (metadata_ends.first_place), (metadata_ends.min_place), (metadata_ends.max_place),
      (metadata_ends.last_place)
    UNION ALL
    SELECT d.place FROM jobs.metadata_places(
      metadata_ends.first_sequence, cardinality(a.numbers), metadata_ends.stride) d(place)
  ) p(place)
  WHERE a.numbers[p.place] IS NOT NULL;
END;

-- The columns of the wanted keys (at most 100: all but x_key, or the given ones) beside those of X, and
-- the way in which each is read:
--
-- * "all": every point. Short graphs, open blocks, blocks with records that lack X.
-- * "sample": no X of the block stands twice, and no other block has it: its ends stand for it.
-- * "reduce": an X may stand in several records, one after the other: the points are made one an X,
--   and of these the first, the last, the least and the greatest are kept.
-- * "run": the same for very long graphs, for one X in a whole block, and for points side by side:
--   the ends, each moved to what is true at its X, which is found in the column of X.
-- * "shared": X turns back, and the block's lie among those of other blocks or in no order: the ends,
--   each replaced by what all such blocks together have at its X.
CREATE OR REPLACE FUNCTION jobs.metadata_columns_by_x(
  job_key bigint, x_key text, keys text[], same_x text)
RETURNS TABLE (
  key text, key_number bigint, block_number bigint, first_sequence bigint, records integer,
  count integer, first_place integer, last_place integer, min_place integer, max_place integer,
  mean_value double precision, numbers double precision[], integers bigint[],
  x_numbers double precision[], x_min_place integer, x_max_place integer, is_constant boolean,
  way text)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH wanted AS MATERIALIZED (
    SELECT k.key, row_number() OVER (ORDER BY k.key COLLATE "C") AS key_number
    FROM jobs.metadata_key k
    WHERE k.job_key = metadata_columns_by_x.job_key AND k.count > 0
      AND (metadata_columns_by_x.keys IS NULL OR k.key = ANY (metadata_columns_by_x.keys))
      AND (metadata_columns_by_x.keys IS NOT NULL
        OR k.key IS DISTINCT FROM metadata_columns_by_x.x_key)
    ORDER BY k.key COLLATE "C"
    LIMIT 100
  ),
  size AS MATERIALIZED (
    SELECT p.points, m.is_monotone,
      -- Sorting points whose X is in no order takes longer.
      p.points <= CASE WHEN m.is_monotone THEN 100000 ELSE 50000 END AS is_short,
      jobs.metadata_stride(p.keys, p.points) AS stride
    FROM (
      SELECT w.keys, w.keys * coalesce(sum(b.records), 0) AS points
      FROM (SELECT count(*) AS keys FROM wanted) w CROSS JOIN jobs.metadata_block b
      WHERE b.job_key = metadata_columns_by_x.job_key
      GROUP BY w.keys
    ) p CROSS JOIN (
      SELECT EXISTS (
        SELECT FROM jobs.metadata_key k
        WHERE k.job_key = metadata_columns_by_x.job_key AND k.key = metadata_columns_by_x.x_key
          AND NOT (k.increased AND k.decreased)) AS is_monotone
    ) m
  ),
  axis AS (
    SELECT c.block_key, c.numbers, c.strict, c.min_place, c.max_place,
      c.min_value = c.max_value AS is_constant,
      c.count = c.records AS is_dense, row_number() OVER before AS block_number,
      -- Frames that only grow: others would be computed anew for each block.
      coalesce(c.min_value <= max(c.max_value) OVER before
        AND c.max_value >= min(c.min_value) OVER before, false)
      OR coalesce(c.min_value <= max(c.max_value) OVER after
        AND c.max_value >= min(c.min_value) OVER after, false) AS is_among_others
    FROM jobs.metadata_column c
    WHERE c.job_key = metadata_columns_by_x.job_key AND c.key = metadata_columns_by_x.x_key
    WINDOW
      before AS (ORDER BY c.first_sequence, c.block_key
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      after AS (ORDER BY c.first_sequence DESC, c.block_key DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  ),
  -- The X of a block comes before its other columns.
  parts AS (
    SELECT a.block_key, 0::bigint AS key_number, NULL AS key, a.numbers AS x_numbers,
      a.min_place AS x_min_place, a.max_place AS x_max_place, a.strict, a.is_constant, a.is_dense, a.block_number, a.is_among_others,
      NULL::bigint AS first_sequence, NULL::integer AS records, NULL::integer AS count,
      NULL::integer AS first_place, NULL::integer AS last_place,
      NULL::integer AS min_place, NULL::integer AS max_place,
      NULL::double precision AS mean_value,
      NULL::double precision[] AS numbers, NULL::bigint[] AS integers
    FROM axis a
    UNION ALL
    SELECT y.block_key, w.key_number, w.key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      y.first_sequence, y.records, y.count, y.first_place, y.last_place, y.min_place, y.max_place,
      y.mean_value, y.numbers, y.integers
    FROM wanted w
    JOIN jobs.metadata_column y
      ON y.job_key = metadata_columns_by_x.job_key AND y.key = w.key
  )
  SELECT c.key, c.key_number, c.block_number, c.first_sequence, c.records, c.count,
    c.first_place, c.last_place, c.min_place, c.max_place, c.mean_value, c.numbers, c.integers,
    c.x_numbers, c.x_min_place, c.x_max_place, c.is_constant,
    CASE
      WHEN c.first_place IS NULL OR NOT coalesce(c.is_dense, false) OR s.is_short
        OR jobs.metadata_is_sparse(c.count, c.records, s.points, s.stride) THEN 'all'
      WHEN NOT s.is_monotone AND (c.is_among_others OR NOT c.strict) THEN 'shared'
      WHEN c.strict THEN 'sample'
      WHEN c.is_constant OR metadata_columns_by_x.same_x = 'spread' OR s.points > 2000000 THEN 'run'
      -- Where a record lacks the key, the newest value at an X is known at the end only.
      WHEN metadata_columns_by_x.same_x = 'mean' OR c.count = c.records THEN 'reduce'
      ELSE 'run' END
  FROM (
    SELECT p.key, p.key_number, p.first_sequence, p.records, p.count, p.first_place, p.last_place,
      p.min_place, p.max_place, p.mean_value, p.numbers, p.integers,
      first_value(p.x_numbers) OVER block AS x_numbers,
      first_value(p.x_min_place) OVER block AS x_min_place,
      first_value(p.x_max_place) OVER block AS x_max_place,
      first_value(p.strict) OVER block AS strict,
      first_value(p.is_constant) OVER block AS is_constant,
      first_value(p.is_dense) OVER block AS is_dense,
      first_value(p.block_number) OVER block AS block_number,
      first_value(p.is_among_others) OVER block AS is_among_others
    FROM parts p
    WINDOW block AS (PARTITION BY p.block_key ORDER BY p.key_number)
  ) c CROSS JOIN size s
  -- Else no record of the block has X.
  WHERE c.key_number > 0 AND c.block_number IS NOT NULL;
END;

-- Points over the key x_key, reduced block by block. "weight" is the number of values that a point stands
-- for at its X; first_sequence and last_sequence are those of the values at its X as far as is known,
-- next_x and before_x the X beside.
CREATE OR REPLACE FUNCTION jobs.metadata_points_by_x(
  job_key bigint, x_key text, keys text[], same_x text)
RETURNS TABLE (
  key text, key_number bigint, sequence bigint, x double precision, value double precision,
  exact bigint, weight double precision, first_sequence bigint, last_sequence bigint,
  next_x double precision, before_x double precision)
LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
  WITH columns AS MATERIALIZED (
    SELECT c.*, metadata_points_by_x.same_x = 'mean' AS is_mean,
      metadata_points_by_x.same_x = 'spread' AS is_spread
    FROM jobs.metadata_columns_by_x(
      metadata_points_by_x.job_key, metadata_points_by_x.x_key, metadata_points_by_x.keys,
      metadata_points_by_x.same_x) c
  ),
  size AS MATERIALIZED (
    SELECT jobs.metadata_stride(count(DISTINCT c.key_number), sum(c.records)) AS stride
    FROM columns c
  ),
  -- The ends of blocks that are not read, and every so many records one. Of small blocks the ends of
  -- about a thousand records together.
  ends AS MATERIALIZED (
    SELECT p.key, p.key_number, p.way, p.sequence, p.x, p.value, p.exact, p.next_x, p.before_x
    FROM (
      SELECT o.*, min(o.sequence) OVER w AS first, max(o.sequence) OVER w AS last,
        min(o.value) OVER w AS least, max(o.value) OVER w AS most
      FROM (
        SELECT c.key, c.key_number, c.way, c.first_sequence / 1000 AS thousand, s.stride,
          c.first_sequence + e.place - 1 AS sequence, e.x, e.value,
          c.integers[e.place] AS exact,
          CASE WHEN e.x_above > e.x THEN e.x_above END AS next_x,
          CASE WHEN e.x_below < e.x THEN e.x_below END AS before_x
        FROM size s CROSS JOIN columns c
        CROSS JOIN LATERAL jobs.metadata_ends(
          c.numbers, c.x_numbers, c.first_place, c.last_place, c.min_place, c.max_place,
          c.first_sequence, s.stride) e
        WHERE c.way IN ('sample', 'shared')
      ) o
      WINDOW w AS (PARTITION BY o.key_number, o.way, o.thousand)
    ) p
    WHERE p.sequence IN (p.first, p.last) OR p.value IN (p.least, p.most)
      OR p.sequence % p.stride = 0
  ),
  -- The X for which all shared blocks are searched: those of the ends, and the least and the greatest of
  -- each thousand records. Where the ends have few, because X stands in many records, all X.
  searched AS MATERIALIZED (
    SELECT e.key_number, e.x FROM ends e WHERE e.way = 'shared'
    UNION ALL
    -- What other blocks show point by point may have been replaced here, or is a part of a mean.
    SELECT c.key_number, unnest(c.x_numbers)
    FROM columns c
    WHERE c.way = 'all' AND NOT c.is_spread AND EXISTS (SELECT FROM ends e WHERE e.way = 'shared')
    UNION ALL
    SELECT g.key_number, unnest(ARRAY[g.least, g.greatest])
    FROM (
      SELECT c.key_number, min(c.x_numbers[c.x_min_place]) AS least,
        max(c.x_numbers[c.x_max_place]) AS greatest
      FROM columns c
      WHERE c.way = 'shared' AND NOT c.is_spread
      GROUP BY c.key_number, c.first_sequence / 1000
    ) g
  ),
  search AS MATERIALIZED (
    SELECT count(DISTINCT e.x) < least(1000, count(*) / 2) AS is_for_all
    FROM ends e WHERE e.way = 'shared'
  ),
  -- What the shared blocks have at the X of their ends, found in one pass over all their points.
  shared AS MATERIALIZED (
    SELECT c.key, c.key_number, r.x,
      -- The number of the block and the place in it.
      max(c.block_number * 1024 + r.place) AS newest,
      min(c.first_sequence + r.place - 1) AS first_sequence,
      max(c.first_sequence + r.place - 1) AS last_sequence,
      count(*)::double precision AS weight,
      -- The sum of as many values as there may be stays in the range of a double; a quotient below
      -- the smallest one would be an error.
      CASE WHEN count(*) = 1 THEN max(r.value)
        ELSE sum(CASE WHEN abs(r.value) < 1e-290 THEN 0 ELSE r.value / 1099511627776 END)
          FILTER (WHERE c.is_mean) * (1099511627776 / count(*)) END AS mean
    FROM search a CROSS JOIN columns c
    -- In the list of columns sets cost half of what they cost as tables.
    CROSS JOIN LATERAL (
      SELECT unnest(c.numbers) AS value, unnest(c.x_numbers) AS x,
        generate_series(1, c.records) AS place
    ) r
    WHERE c.way = 'shared' AND r.value IS NOT NULL
      -- IS TRUE: so that it is a look into a hash table, and never a join.
      AND (a.is_for_all
        OR ((c.key_number, r.x) IN (SELECT s.key_number, s.x FROM searched s)) IS TRUE)
    GROUP BY c.key, c.key_number, r.x
  )
  -- All: each point for itself.
  SELECT c.key, c.key_number, c.first_sequence + p.place - 1, p.x, p.value, p.exact,
    1::double precision, c.first_sequence + p.place - 1, c.first_sequence + p.place - 1,
    NULL::double precision, NULL::double precision
  FROM columns c
  CROSS JOIN LATERAL (
    SELECT unnest(c.numbers) AS value, unnest(c.x_numbers) AS x, unnest(c.integers) AS exact,
      generate_series(1, c.records) AS place
  ) p
  WHERE c.is_spread AND c.way = 'all' AND p.value IS NOT NULL AND p.x IS NOT NULL
  UNION ALL
  -- All or reduced: the last at each X of a block.
  SELECT c.key, c.key_number, c.first_sequence + p.place - 1, p.x, p.value, p.exact,
    1, c.first_sequence + p.place - 1, c.first_sequence + p.place - 1, NULL, NULL
  FROM size s CROSS JOIN columns c
  CROSS JOIN LATERAL (
    SELECT r.place, r.x, r.value, r.exact, row_number() OVER w AS n, min(r.value) OVER w AS least, max(r.value) OVER w AS most,
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
  WHERE NOT c.is_mean AND NOT c.is_spread AND c.way IN ('all', 'reduce')
    AND (c.way = 'all' OR p.value IN (p.least, p.most) OR p.x IN (p.lowest, p.highest)
      OR p.n % s.stride = 0)
  UNION ALL
  -- All or reduced: the mean of a block's values at one X, which weighs as much as they are.
  SELECT c.key, c.key_number, c.first_sequence + p.place - 1, p.x, p.value, p.exact,
    p.weight, c.first_sequence + p.place - 1, c.first_sequence + p.place - 1, NULL, NULL
  FROM size s CROSS JOIN columns c
  CROSS JOIN LATERAL (
    SELECT r.*, row_number() OVER w AS n, min(r.value) OVER w AS least, max(r.value) OVER w AS most,
      min(r.x) OVER w AS lowest, max(r.x) OVER w AS highest
    FROM (
      SELECT max(q.place) AS place, q.x,
        CASE WHEN count(*) = 1 THEN max(q.value)
          ELSE sum(CASE WHEN abs(q.value) < 1e-300 THEN 0 ELSE q.value / 1024 END)
            * (1024.0 / count(*)) END AS value,
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
  WHERE c.is_mean AND c.way IN ('all', 'reduce')
    AND (c.way = 'all' OR p.value IN (p.least, p.most) OR p.x IN (p.lowest, p.highest)
      OR p.n % s.stride = 0)
  UNION ALL
  -- Sampled.
  SELECT e.key, e.key_number, e.sequence, e.x, e.value, e.exact, 1, e.sequence, e.sequence,
    e.next_x, e.before_x
  FROM ends e
  WHERE e.way = 'sample'
  UNION ALL
  -- Runs, side by side: the ends themselves, among the places with the same X.
  SELECT c.key, c.key_number, c.first_sequence + e.place - 1, e.x, e.value,
    c.integers[e.place], 1, c.first_sequence + f.places[1] - 1,
    c.first_sequence + f.places[cardinality(f.places)] - 1,
    CASE WHEN f.above > e.x THEN f.above END, CASE WHEN f.below < e.x THEN f.below END
  FROM size s CROSS JOIN columns c
  CROSS JOIN LATERAL jobs.metadata_ends(
    c.numbers, c.x_numbers, c.first_place, c.last_place, c.min_place, c.max_place,
    c.first_sequence, s.stride) e
  CROSS JOIN LATERAL (
    SELECT a.places,
      least(c.x_numbers[a.places[1] - 1], c.x_numbers[a.places[cardinality(a.places)] + 1]) AS below,
      greatest(c.x_numbers[a.places[1] - 1], c.x_numbers[a.places[cardinality(a.places)] + 1])
        AS above
    FROM (SELECT array_positions(c.x_numbers, e.x) AS places OFFSET 0) a
  ) f
  WHERE c.is_spread AND c.way = 'run'
  UNION ALL
  -- Runs, the last of each.
  SELECT c.key, c.key_number, c.first_sequence + f.place - 1, e.x, c.numbers[f.place],
    c.integers[f.place], 1, c.first_sequence + f.place - 1, c.first_sequence + f.place - 1, NULL, NULL
  FROM size s CROSS JOIN columns c
  CROSS JOIN LATERAL (
    SELECT DISTINCT o.x FROM jobs.metadata_ends(
      c.numbers, c.x_numbers, c.first_place, c.last_place, c.min_place, c.max_place,
      c.first_sequence, s.stride) o
  ) e
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN c.is_constant THEN c.last_place
      WHEN c.count = c.records THEN a.places[cardinality(a.places)]
      ELSE (SELECT max(p.place) FROM unnest(a.places) p(place)
        WHERE c.numbers[p.place] IS NOT NULL) END AS place
    FROM (
      SELECT CASE WHEN NOT c.is_constant THEN array_positions(c.x_numbers, e.x) END AS places
      OFFSET 0
    ) a
  ) f
  WHERE NOT c.is_mean AND NOT c.is_spread AND c.way = 'run'
  UNION ALL
  -- Runs, the mean of each.
  SELECT c.key, c.key_number, c.first_sequence + f.place - 1, e.x, f.mean, f.exact,
    f.weight, c.first_sequence + f.place - 1, c.first_sequence + f.place - 1, NULL, NULL
  FROM size s CROSS JOIN columns c
  CROSS JOIN LATERAL (
    SELECT DISTINCT o.x FROM jobs.metadata_ends(
      c.numbers, c.x_numbers, c.first_place, c.last_place, c.min_place, c.max_place,
      c.first_sequence, s.stride) o
  ) e
  CROSS JOIN LATERAL (
    SELECT c.last_place AS place, c.mean_value AS mean, c.count::double precision AS weight,
      CASE WHEN c.count = 1 THEN c.integers[c.last_place] END AS exact
    WHERE c.is_constant
    UNION ALL
    SELECT max(p.place),
      CASE WHEN count(*) = 1 THEN max(p.value)
        ELSE sum(CASE WHEN abs(p.value) < 1e-300 THEN 0 ELSE p.value / 1024 END)
          * (1024.0 / count(*)) END,
      count(*), CASE WHEN count(*) = 1 THEN max(p.exact) END
    FROM (
      SELECT unnest(a.places) AS place,
        -- X goes one way: the places with the same X are one stretch.
        unnest(c.numbers[a.places[1] : a.places[cardinality(a.places)]]) AS value,
        unnest(c.integers[a.places[1] : a.places[cardinality(a.places)]]) AS exact
      FROM (SELECT array_positions(c.x_numbers, e.x) AS places WHERE NOT c.is_constant OFFSET 0) a
    ) p
    WHERE p.value IS NOT NULL
    HAVING count(*) > 0
  ) f
  WHERE c.is_mean AND c.way = 'run'
  UNION ALL
  -- Shared, one point an X: its value is in the column that comes before it.
  SELECT v.key, v.key_number, v.sequence, v.x,
    CASE WHEN metadata_points_by_x.same_x = 'mean' THEN v.mean ELSE v.numbers[v.place] END,
    CASE WHEN metadata_points_by_x.same_x <> 'mean' OR v.weight = 1 THEN v.integers[v.place] END,
    CASE WHEN metadata_points_by_x.same_x = 'mean' THEN v.weight ELSE 1 END,
    v.sequence, v.sequence, NULL, NULL
  FROM (
    SELECT u.key, u.key_number, u.place, u.sequence, u.x, u.mean, u.weight,
      first_value(u.numbers) OVER block AS numbers, first_value(u.integers) OVER block AS integers
    FROM (
      SELECT c.key, c.key_number, c.block_number, 0 AS place, c.numbers, c.integers,
        NULL::bigint AS sequence, NULL::double precision AS x, NULL::double precision AS mean,
        NULL::double precision AS weight
      FROM columns c
      WHERE c.way = 'shared'
      UNION ALL
      SELECT s.key, s.key_number, s.newest >> 10, (s.newest & 1023)::integer, NULL, NULL,
        s.last_sequence, s.x, s.mean, s.weight
      FROM shared s
    ) u
    WINDOW block AS (PARTITION BY u.key_number, u.block_number ORDER BY u.place)
  ) v
  WHERE metadata_points_by_x.same_x <> 'spread' AND v.place > 0
  UNION ALL
  -- Shared, side by side: the ends themselves, among all with the same X.
  SELECT u.key, u.key_number, u.sequence, u.x, u.value, u.exact, 1, u.first_sequence,
    u.last_sequence, u.next_x, u.before_x
  FROM (
    SELECT b.key, b.key_number, b.sequence, b.x, b.value, b.exact, b.next_x, b.before_x,
      min(b.first_sequence) OVER w AS first_sequence, max(b.last_sequence) OVER w AS last_sequence
    FROM (
      SELECT e.key, e.key_number, e.sequence, e.x, e.value, e.exact, e.next_x, e.before_x,
        NULL::bigint AS first_sequence, NULL::bigint AS last_sequence
      FROM ends e
      WHERE e.way = 'shared'
      UNION ALL
      SELECT s.key, s.key_number, NULL, s.x, NULL, NULL, NULL, NULL,
        s.first_sequence, s.last_sequence
      FROM shared s
    ) b
    WINDOW w AS (PARTITION BY b.key_number, b.x)
  ) u
  WHERE metadata_points_by_x.same_x = 'spread' AND u.sequence IS NOT NULL;
END;

-- Numbers of a job over the key x ('auto': the first candidate), of at most 100 keys (all but x, or
-- the given ones): about so many points of each, real ones, the last and the extremes of every
-- stretch among them. In order of x.
--
-- Of several values at one x: 'last' keeps the newest, 'mean' their mean, 'spread' all of them, side
-- by side from x on towards the next.
CREATE OR REPLACE FUNCTION jobs.metadata_by_x(
  job text, x text DEFAULT 'auto', keys text[] DEFAULT NULL, same_x text DEFAULT 'last',
  points integer DEFAULT 1000)
RETURNS TABLE (
  x double precision, key text, value double precision, integer_value bigint, sequence bigint,
  x_key text)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH axis AS MATERIALIZED (
    SELECT jobs.metadata_x(metadata_by_x.job, metadata_by_x.x) AS key,
      coalesce(metadata_by_x.same_x, 'last') AS same_x
  ),
  sample AS MATERIALIZED (
    SELECT a.same_x, s.*
    FROM axis a CROSS JOIN LATERAL jobs.metadata_points_by_x(
      jobs.job_key(metadata_by_x.job), a.key, metadata_by_x.keys, a.same_x) s
    WHERE a.key IS NOT NULL
  ),
  -- Points beside those of the same X, and the X beside.
  placed AS (
    SELECT s.*, min(s.first_sequence) OVER same AS first_place,
      max(s.last_sequence) OVER same AS last_place, sum(s.weight) OVER same AS whole,
      coalesce(min(s.next_x) OVER same, first_value(s.x) OVER (
        ordered GROUPS BETWEEN 1 FOLLOWING AND 1 FOLLOWING)) AS next,
      coalesce(max(s.before_x) OVER same, first_value(s.x) OVER (
        ordered GROUPS BETWEEN 1 PRECEDING AND 1 PRECEDING)) AS before
    FROM sample s
    WHERE s.same_x IN ('mean', 'spread')
    WINDOW same AS (PARTITION BY s.key_number, s.x),
      ordered AS (PARTITION BY s.key_number ORDER BY s.x)
  ),
  single AS (
    SELECT n.key, n.key_number, n.x, n.value, n.exact, n.sequence
    FROM (
      SELECT s.*, lead(s.x) OVER w AS following_x
      FROM sample s
      WHERE s.same_x NOT IN ('mean', 'spread')
      WINDOW w AS (PARTITION BY s.key_number ORDER BY s.x, s.sequence)
    ) n
    WHERE n.following_x IS DISTINCT FROM n.x
    UNION ALL
    SELECT p.key, p.key_number, p.x,
      -- A product below the smallest double would be an error.
      CASE WHEN count(*) = 1 THEN max(p.value)
        ELSE sum(CASE WHEN abs(p.value) < 1e-300 THEN 0 ELSE p.value * (p.weight / p.whole) END) END,
      CASE WHEN count(*) = 1 THEN max(p.exact) END, max(p.sequence)
    FROM placed p
    WHERE p.same_x = 'mean'
    GROUP BY p.key, p.key_number, p.x
    UNION ALL
    SELECT p.key, p.key_number,
      p.x + p.room * ((p.sequence - p.first_place)::double precision
        / (p.last_place - p.first_place + 1)),
      p.value, p.exact, p.sequence
    FROM (
      SELECT q.*,
        -- Differences and products out of the range of a double would be errors.
        CASE WHEN abs(q.x) < 1e300 AND abs(coalesce(q.next, q.before, 0)) < 1e300
            AND coalesce(q.next - q.x, q.x - q.before, 1) > 1e-300
          THEN coalesce(q.next - q.x, q.x - q.before, 1) ELSE 0 END AS room
      FROM placed q
      WHERE q.same_x = 'spread'
    ) p
  ),
  ordered AS MATERIALIZED (
    SELECT s.*, row_number() OVER w AS n, count(*) OVER (PARTITION BY s.key_number) AS of,
      max(s.sequence) OVER (PARTITION BY s.key_number) AS newest
    FROM single s
    WINDOW w AS (PARTITION BY s.key_number ORDER BY s.x, s.sequence)
  ),
  bucketed AS (
    SELECT o.*, CASE
        WHEN o.of <= jobs.metadata_bound(metadata_by_x.points) THEN o.n
        ELSE (o.n - 1) * ((jobs.metadata_bound(metadata_by_x.points) - 2) / 3) / o.of END AS bucket
    FROM ordered o
  ),
  bounded AS (
    SELECT b.*, b.n = 1 OR b.sequence = b.newest OR b.n = max(b.n) OVER w AS is_end,
      min(b.value) OVER w AS least, max(b.value) OVER w AS most
    FROM bucketed b
    WINDOW w AS (PARTITION BY b.key_number, b.bucket)
  )
  SELECT k.x, k.key, k.value, jobs.metadata_integer(k.value, k.exact), k.sequence, a.key
  FROM axis a CROSS JOIN (
    SELECT DISTINCT ON (b.key_number, b.bucket, b.value, CASE WHEN b.is_end THEN b.n END) b.*
    FROM bounded b
    WHERE b.is_end OR b.value = b.least OR b.value = b.most
    ORDER BY b.key_number, b.bucket, b.value, CASE WHEN b.is_end THEN b.n END, b.n
  ) k
  ORDER BY k.x, k.sequence, k.key_number;
END;

-- The key over which jobs are compared: with 'auto' the best candidate that all of them have.
CREATE OR REPLACE FUNCTION jobs.metadata_common_x(jobs text[], x text DEFAULT 'auto')
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
CREATE OR REPLACE FUNCTION jobs.metadata_compare(
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

-- What the dashboards draw ------------------------------------------------------------------------

-- Made of the functions above: which keys, so many points that a browser draws them at once, smoothed
-- and clipped if asked for.

-- Names of jobs for legends: no two of them are equal. At most 20 jobs, in the order in which they
-- are given; what is no job is left out.
CREATE OR REPLACE FUNCTION jobs.job_labels(jobs text[])
RETURNS TABLE (place bigint, job text, job_key bigint, label text)
LANGUAGE sql STABLE ROWS 5
BEGIN ATOMIC
  WITH named AS (
    SELECT min(a.place) AS place, j.job_key,
      (array_agg(a.job ORDER BY a.place))[1] AS job,
      concat_ws(' ', j.job, nullif(j.name, ''),
        CASE WHEN j.restart > 0 THEN '(restart ' || j.restart || ')' END) AS label
    FROM unnest(job_labels.jobs[1:20]) WITH ORDINALITY AS a(job, place)
    JOIN jobs.job j ON j.job_key = jobs.job_key(a.job)
    GROUP BY j.job_key, j.job, j.name, j.restart
  )
  SELECT row_number() OVER (ORDER BY n.place), n.job, n.job_key,
    CASE WHEN count(*) OVER (PARTITION BY n.label) > 1
      THEN n.label || ' key:' || n.job_key ELSE n.label END
  FROM named n
  ORDER BY n.place;
END;

-- The keys that a graph shows, at most 100, by name. A choice names keys; '(all)' means all that have
-- numbers, '(measures)' all but counters: integers that only grow, such as step, which would flatten
-- the rest. If nothing is left then it means all. The X axis is shown only if it is named.
--
-- Where there are more, those with the most numbers are shown: a table of 500 results that is printed once
-- does not push the loss out. Counts are compared by their power of two, so that the choice stays the same
-- while keys that are printed in turn grow.
CREATE OR REPLACE FUNCTION jobs.metadata_graph_keys(
  job text, choice text[] DEFAULT ARRAY['(measures)'], x text DEFAULT NULL)
RETURNS SETOF text
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
  WITH numeric_keys AS MATERIALIZED (
    SELECT k.key, floor(log(2, k.count)) AS magnitude,
      NOT (k.all_integers AND k.increased AND NOT k.decreased OR k.key IN ('progress', 'epoch'))
        AS is_measure
    FROM jobs.metadata_key k
    WHERE k.job_key = jobs.job_key(metadata_graph_keys.job) AND k.count > 0
  ),
  axis AS MATERIALIZED (
    SELECT jobs.metadata_x(metadata_graph_keys.job, metadata_graph_keys.x) AS key
    WHERE metadata_graph_keys.x IS NOT NULL
  ),
  measures AS MATERIALIZED (
    SELECT EXISTS (
      SELECT FROM numeric_keys n
      WHERE n.is_measure AND NOT EXISTS (SELECT FROM axis a WHERE a.key = n.key)) AS are_there
  ),
  chosen AS (
    SELECT n.key FROM numeric_keys n CROSS JOIN measures m
    -- Grafana escapes a double quote inside a value.
    WHERE n.key = ANY (metadata_graph_keys.choice)
      OR replace(n.key, '"', '\"') = ANY (metadata_graph_keys.choice)
      OR NOT EXISTS (SELECT FROM axis a WHERE a.key = n.key)
        AND ('(all)' = ANY (metadata_graph_keys.choice)
          OR '(measures)' = ANY (metadata_graph_keys.choice)
            AND (n.is_measure OR NOT m.are_there))
    ORDER BY n.magnitude DESC, n.key COLLATE "C"
    LIMIT 100
  )
  SELECT c.key FROM chosen c ORDER BY c.key COLLATE "C";
END;

-- How many points of each of so many keys a browser still draws at once.
CREATE OR REPLACE FUNCTION jobs.metadata_graph_points(keys integer) RETURNS integer
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT least(1000, greatest(100, 12000 / greatest(keys, 1)));
END;

-- The value that smoothing may use: sums and squares of larger ones leave the range of a double.
CREATE OR REPLACE FUNCTION jobs.metadata_smoothable(value double precision, smooth integer)
RETURNS double precision
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT CASE WHEN smooth > 1 AND abs(value) < 1e150 THEN value END;
END;

-- A graph by time. "clip" from 0 to 0.49: what lies below that share of the key's points, or above
-- as many, is drawn at the border. "smooth": each point is the mean of so many around it, at most 1000.
CREATE OR REPLACE FUNCTION jobs.metadata_graph_by_time(
  job text, choice text[] DEFAULT ARRAY['(measures)'], since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL, smooth integer DEFAULT 0, clip double precision DEFAULT 0)
RETURNS TABLE ("time" timestamptz, key text, value double precision)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH chosen AS MATERIALIZED (
    SELECT ARRAY(SELECT k.key FROM jobs.metadata_graph_keys(
      metadata_graph_by_time.job, metadata_graph_by_time.choice) AS k(key)) AS keys
  ),
  points AS MATERIALIZED (
    SELECT p."time", p.key, p.value, p.sequence
    FROM chosen c CROSS JOIN LATERAL jobs.metadata_by_time(
      metadata_graph_by_time.job, c.keys, metadata_graph_by_time.since,
      metadata_graph_by_time.until, jobs.metadata_graph_points(cardinality(c.keys))) p
  ),
  borders AS (
    SELECT p.key, percentile_disc(ARRAY[least(metadata_graph_by_time.clip, 0.49),
      1 - least(metadata_graph_by_time.clip, 0.49)]) WITHIN GROUP (ORDER BY p.value) AS at
    FROM points p WHERE metadata_graph_by_time.clip > 0
    GROUP BY p.key
  ),
  clipped AS (
    SELECT p."time", p.key, p.sequence, least(greatest(p.value, b.at[1]), b.at[2]) AS value
    FROM points p LEFT JOIN borders b ON b.key = p.key
  )
  SELECT c."time", c.key, coalesce(
    avg(jobs.metadata_smoothable(c.value, metadata_graph_by_time.smooth)) OVER (
      PARTITION BY c.key ORDER BY c."time", c.sequence
      ROWS BETWEEN least(greatest(coalesce(metadata_graph_by_time.smooth, 0), 0), 1000) / 2
          PRECEDING
        AND greatest(least(coalesce(metadata_graph_by_time.smooth, 0), 1000) - 1, 0) / 2 FOLLOWING),
    c.value)
  FROM clipped c
  ORDER BY c."time", c.sequence, c.key COLLATE "C";
END;

-- A graph by X, as above; "x" and "same_x" as in metadata_by_x.
CREATE OR REPLACE FUNCTION jobs.metadata_graph_by_x(
  job text, x text DEFAULT 'auto', choice text[] DEFAULT ARRAY['(measures)'],
  same_x text DEFAULT 'last', smooth integer DEFAULT 0, clip double precision DEFAULT 0)
RETURNS TABLE (x double precision, key text, value double precision)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH chosen AS MATERIALIZED (
    SELECT ARRAY(SELECT k.key FROM jobs.metadata_graph_keys(
      metadata_graph_by_x.job, metadata_graph_by_x.choice, metadata_graph_by_x.x) AS k(key)) AS keys
  ),
  points AS MATERIALIZED (
    SELECT p.x, p.key, p.value, p.sequence
    FROM chosen c CROSS JOIN LATERAL jobs.metadata_by_x(
      metadata_graph_by_x.job, metadata_graph_by_x.x, c.keys, metadata_graph_by_x.same_x,
      jobs.metadata_graph_points(cardinality(c.keys))) p
  ),
  borders AS (
    SELECT p.key, percentile_disc(ARRAY[least(metadata_graph_by_x.clip, 0.49),
      1 - least(metadata_graph_by_x.clip, 0.49)]) WITHIN GROUP (ORDER BY p.value) AS at
    FROM points p WHERE metadata_graph_by_x.clip > 0
    GROUP BY p.key
  ),
  clipped AS (
    SELECT p.x, p.key, p.sequence, least(greatest(p.value, b.at[1]), b.at[2]) AS value
    FROM points p LEFT JOIN borders b ON b.key = p.key
  )
  SELECT c.x, c.key, coalesce(
    avg(jobs.metadata_smoothable(c.value, metadata_graph_by_x.smooth)) OVER (
      PARTITION BY c.key ORDER BY c.x, c.sequence
      ROWS BETWEEN least(greatest(coalesce(metadata_graph_by_x.smooth, 0), 0), 1000) / 2 PRECEDING
        AND greatest(least(coalesce(metadata_graph_by_x.smooth, 0), 1000) - 1, 0) / 2 FOLLOWING),
    c.value)
  FROM clipped c
  ORDER BY c.x, c.sequence, c.key COLLATE "C";
END;

-- One key of several jobs, at most 20, over one X, under the names of job_labels.
CREATE OR REPLACE FUNCTION jobs.metadata_graph_compare(
  jobs text[], key text, x text DEFAULT 'auto', same_x text DEFAULT 'last',
  smooth integer DEFAULT 0, clip double precision DEFAULT 0)
RETURNS TABLE (x double precision, key text, value double precision)
LANGUAGE sql STABLE ROWS 5000
BEGIN ATOMIC
  SELECT p.x, l.label, p.value
  FROM jobs.job_labels(metadata_graph_compare.jobs) l
  CROSS JOIN LATERAL jobs.metadata_graph_by_x(
    'key:' || l.job_key, jobs.metadata_common_x(metadata_graph_compare.jobs, metadata_graph_compare.x),
    ARRAY[metadata_graph_compare.key], metadata_graph_compare.same_x,
    metadata_graph_compare.smooth, metadata_graph_compare.clip) p
  ORDER BY p.x, l.place;
END;

-- An earlier one of the same name.
DROP FUNCTION IF EXISTS
  jobs.metadata_ends(double precision[], integer, integer, integer, integer);
