-- What the dashboards draw, made of the functions of V100: which keys, so many points that a browser
-- draws them at once, smoothed and clipped if asked for. Documented in docs/grafana.md.

-- Names of jobs for legends: no two of them are equal. At most 20 jobs, in the order in which they
-- are given; what is no job is left out.
CREATE FUNCTION jobs.job_labels(jobs text[])
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
CREATE FUNCTION jobs.metadata_graph_keys(
  job text, choice text[] DEFAULT ARRAY['(measures)'], x text DEFAULT NULL)
RETURNS SETOF text
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
  WITH numeric_keys AS MATERIALIZED (
    SELECT k.key,
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
  )
  SELECT n.key FROM numeric_keys n CROSS JOIN measures m
  -- Grafana escapes a double quote inside a value.
  WHERE n.key = ANY (metadata_graph_keys.choice)
    OR replace(n.key, '"', '\"') = ANY (metadata_graph_keys.choice)
    OR NOT EXISTS (SELECT FROM axis a WHERE a.key = n.key)
      AND ('(all)' = ANY (metadata_graph_keys.choice)
        OR '(measures)' = ANY (metadata_graph_keys.choice)
          AND (n.is_measure OR NOT m.are_there))
  ORDER BY n.key COLLATE "C"
  LIMIT 100;
END;

-- How many points of each of so many keys a browser still draws at once.
CREATE FUNCTION jobs.metadata_graph_points(keys integer) RETURNS integer
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT least(1000, greatest(100, 12000 / greatest(keys, 1)));
END;

-- The value that smoothing may use: sums and squares of larger ones leave the range of a double.
CREATE FUNCTION jobs.metadata_smoothable(value double precision, smooth integer)
RETURNS double precision
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT CASE WHEN smooth > 1 AND abs(value) < 1e150 THEN value END;
END;

-- A graph by time. "clip" from 0 to 0.49: what lies below that share of the key's points, or above
-- as many, is drawn at the border. "smooth": each point is the mean of so many around it, at most 1000.
CREATE FUNCTION jobs.metadata_graph_by_time(
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
CREATE FUNCTION jobs.metadata_graph_by_x(
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
CREATE FUNCTION jobs.metadata_graph_compare(
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
