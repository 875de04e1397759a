-- Where X turns back and some records lack it, blocks that are read point by point stand beside blocks of
-- which a few X are looked up. An X of the former was not looked up in the latter: a value could be shown
-- that a later record had replaced, and a mean without its other half. See docs/decisions/116.
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
