-- Functions take every value of their arguments: these failed with numbers at the end of their range.

-- The blocks that hold them are found without unpacking any, in a time that does not grow with the
-- job: of ten thousand blocks all were sorted, because the planner takes a job to have few.
CREATE OR REPLACE FUNCTION jobs.metadata_records(
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
      greatest(coalesce(metadata_records.before, 9223372036854775807), 0) AS before
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

-- Lines of one stream by their numbers, in order, at most 10000: for reading a log page by page.
CREATE OR REPLACE FUNCTION jobs.stream_lines(
  job text, stream_key bigint, first_line bigint DEFAULT 0, lines integer DEFAULT 1000)
RETURNS TABLE (
  line bigint, "time" timestamptz, text text, ansi text, kind text, repeats bigint,
  repeated_from timestamptz, repeated_to timestamptz, cut_bytes bigint)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  SELECT l.line, l.at, l.text, l.ansi,
    CASE l.kind WHEN 0 THEN 'text' WHEN 1 THEN 'metadata' WHEN 2 THEN 'command' ELSE 'repeat' END,
    l.repeats, l.repeated_from, l.repeated_to, l.cut_bytes
  FROM jobs.stream s
  CROSS JOIN LATERAL (
    -- No stream comes near the last number there is.
    SELECT g.from_line,
      g.from_line + least(greatest(coalesce(stream_lines.lines, 1000), 0), 10000) AS to_line
    FROM (SELECT least(greatest(stream_lines.first_line, 0), 9000000000000000000) AS from_line) g
  ) a
  JOIN LATERAL (
    SELECT * FROM jobs.block x
    WHERE x.job_key = s.job_key AND x.stream_key = s.stream_key
      AND x.stored_at BETWEEN s.created_at - interval '1 day' AND s.committed_at
      AND x.first_line > a.from_line - 8192 AND x.first_line < a.to_line
      AND x.to_line > a.from_line AND x.to_line > x.from_line
  ) b ON true
  CROSS JOIN LATERAL jobs.expand(
    b.first_line, greatest(b.from_line, a.from_line), least(b.to_line, a.to_line), b.first_at,
    b.body, b.run_lines, b.run_micros, b.mark_index, b.mark_kind, b.mark_repeats, b.mark_first_at,
    b.mark_last_at, b.mark_cut, b.mark_ansi) l
  WHERE s.job_key = jobs.job_key(stream_lines.job) AND s.stream_key = stream_lines.stream_key
  ORDER BY l.line;
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
        AND greatest(least(greatest(coalesce(metadata_graph_by_time.smooth, 0), 0), 1000) - 1, 0) / 2
          FOLLOWING),
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
        AND greatest(least(greatest(coalesce(metadata_graph_by_x.smooth, 0), 0), 1000) - 1, 0) / 2
          FOLLOWING),
    c.value)
  FROM clipped c
  ORDER BY c.x, c.sequence, c.key COLLATE "C";
END;
