-- The newest records of a job, in a time that does not grow with the job: of ten thousand blocks all were
-- sorted, because the planner takes a job to have few.
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
