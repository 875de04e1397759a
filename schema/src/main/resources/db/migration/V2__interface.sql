-- What readers see. Documented column by column in docs/sql-interface.md; stable: columns are
-- added at the end, never changed or taken away.
--
-- Functions run with the rights of the caller and read nothing but the views of this schema, so
-- that nobody can see more through a function than through a view. Their bodies are parsed here
-- (BEGIN ATOMIC): no search_path of a caller changes what they mean.

CREATE SCHEMA jobs;

CREATE FUNCTION jobs.step_name(step bigint) RETURNS text
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT CASE step
    WHEN 4294967291 THEN 'batch'
    WHEN 4294967292 THEN 'extern'
    WHEN 4294967290 THEN 'interactive'
    ELSE step::text END;
END;

CREATE VIEW jobs.stream AS
SELECT
  s.job_key,
  s.stream_key,
  CASE s.kind WHEN 1 THEN 'stdout' WHEN 2 THEN 'stderr' ELSE 'combined' END AS stream,
  jobs.step_name(s.step) AS step,
  s.node,
  s.task,
  s.lines,
  s.bytes,
  s.first_at,
  s.last_at,
  s.ended,
  s.committed_at
FROM joblog.stream s;

CREATE VIEW jobs.job AS
SELECT
  j.job_key,
  j.job,
  j.cluster,
  j.restart,
  j.user_name AS "user",
  j.name,
  j.started_at,
  j.ended_at,
  CASE
    WHEN j.ended_at IS NULL THEN 'running'
    WHEN j.signal <> 0 THEN 'killed'
    WHEN j.exit_code = 0 THEN 'completed'
    WHEN j.exit_code > 0 THEN 'failed'
    ELSE 'unknown' END AS state,
  j.exit_code,
  j.signal,
  j.mode,
  j.commands,
  (SELECT count(*) FROM joblog.stream s WHERE s.job_key = j.job_key) AS streams,
  (SELECT coalesce(sum(s.lines), 0)::bigint FROM joblog.stream s WHERE s.job_key = j.job_key)
    AS lines,
  (SELECT coalesce(sum(s.bytes), 0)::bigint FROM joblog.stream s WHERE s.job_key = j.job_key)
    AS bytes,
  (SELECT max(s.last_at) FROM joblog.stream s WHERE s.job_key = j.job_key) AS last_output_at
FROM joblog.job j;

CREATE VIEW jobs.event AS
SELECT
  e.job_key,
  e.event_key,
  e.at AS "time",
  e.kind,
  e.message,
  e.details,
  nullif(e.stream_key, 0) AS stream_key,
  e.after_line,
  e.kind NOT IN ('command', 'end') AS in_log
FROM joblog.event e;

-- Lines as they are stored: blocks of consecutive lines of a stream.
CREATE VIEW jobs.block AS
SELECT
  c.job_key, c.stream_key, c.first_line,
  c.first_line AS from_line, c.first_line + c.lines AS to_line,
  c.first_at, c.last_at, c.body, c.run_lines, c.run_micros,
  c.mark_index, c.mark_kind, c.mark_repeats, c.mark_first_at, c.mark_last_at, c.mark_cut,
  c.mark_ansi, false AS on_screen
FROM joblog.chunk c
UNION ALL
SELECT
  s.job_key, s.stream_key, s.base_first_line,
  greatest(s.base_first_line, s.scrollback_end), s.base_first_line + s.base_keep,
  (s.base).first_at, (s.base).last_at, (s.base).body, (s.base).run_lines, (s.base).run_micros,
  (s.base).mark_index, (s.base).mark_kind, (s.base).mark_repeats, (s.base).mark_first_at,
  (s.base).mark_last_at, (s.base).mark_cut, (s.base).mark_ansi, true
FROM joblog.stream s
WHERE s.base_keep > 0 AND s.base_first_line + s.base_keep > s.scrollback_end
UNION ALL
SELECT
  s.job_key, s.stream_key, (s.tail).first_line,
  greatest((s.tail).first_line, s.scrollback_end), (s.tail).first_line + (s.tail).lines,
  (s.tail).first_at, (s.tail).last_at, (s.tail).body, (s.tail).run_lines, (s.tail).run_micros,
  (s.tail).mark_index, (s.tail).mark_kind, (s.tail).mark_repeats, (s.tail).mark_first_at,
  (s.tail).mark_last_at, (s.tail).mark_cut, (s.tail).mark_ansi, true
FROM joblog.stream s
WHERE (s.tail).lines > 0 AND (s.tail).first_line + (s.tail).lines > s.scrollback_end;

-- Which job a caller means: 'key:42' is the job with that key; else the id of a job, alone or after
-- 'cluster/': its newest run. Null if there is none.
CREATE FUNCTION jobs.job_key(job text) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT CASE
    WHEN job_key.job ~ '^key:[0-9]{1,18}$' THEN
      (SELECT j.job_key FROM jobs.job j WHERE j.job_key = substr(job_key.job, 5)::bigint)
    ELSE
      (SELECT j.job_key FROM jobs.job j
       WHERE j.job = regexp_replace(job_key.job, '^.*/', '')
         AND (job_key.job !~ '/' OR j.cluster = regexp_replace(job_key.job, '/[^/]*$', ''))
       ORDER BY j.started_at DESC, j.job_key DESC LIMIT 1)
    END;
END;
