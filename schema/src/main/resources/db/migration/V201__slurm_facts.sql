-- What Slurm itself says of the jobs that joblog knows. One row a run; nothing of any other job.

-- Whether nothing more is to be learnt of the run. A new greeting makes it false again.
ALTER TABLE joblog.job ADD COLUMN settled boolean NOT NULL DEFAULT false;
CREATE INDEX job_unsettled ON joblog.job (cluster, job_key) WHERE NOT settled;

CREATE TABLE joblog.job_facts (
  job_key bigint PRIMARY KEY,
  looked_at timestamptz NOT NULL,       -- when Slurm was asked; an older answer writes nothing
  missing_since timestamptz,            -- since when Slurm does not know the job any more
  state text NOT NULL,                  -- Slurm's word; REQUEUED: a later run followed; UNKNOWN: no word
  final boolean NOT NULL,               -- state, end and exit code are Slurm's last word
  partition text NOT NULL DEFAULT '',
  nodes text NOT NULL DEFAULT '',
  submitted_at timestamptz,
  ended_at timestamptz,
  exit_code smallint,
  signal smallint
) WITH (fillfactor = 70);

CREATE OR REPLACE VIEW jobs.job AS
SELECT
  j.job_key,
  j.job,
  j.cluster,
  j.restart,
  j.user_name AS "user",
  j.name,
  j.started_at,
  CASE w.word WHEN 'slurm' THEN f.ended_at WHEN 'lost' THEN f.ended_at WHEN 'own' THEN j.ended_at END
    AS ended_at,
  CASE
    WHEN w.word = 'running' THEN 'running'
    WHEN w.word = 'lost' THEN 'unknown'
    WHEN w.word = 'slurm' AND f.state IN ('CANCELLED', 'PREEMPTED', 'REVOKED') THEN 'cancelled'
    WHEN w.word = 'slurm' AND f.state IN ('TIMEOUT', 'DEADLINE') THEN 'timeout'
    WHEN w.word = 'slurm' AND f.state = 'REQUEUED' THEN 'requeued'
    WHEN w.word = 'slurm' AND f.state = 'COMPLETED' THEN 'completed'
    WHEN w.word = 'slurm' AND f.signal <> 0 THEN 'killed'
    WHEN w.word = 'slurm' THEN 'failed'
    WHEN j.signal <> 0 THEN 'killed'
    WHEN j.exit_code = 0 THEN 'completed'
    WHEN j.exit_code > 0 THEN 'failed'
    ELSE 'unknown' END AS state,
  CASE w.word WHEN 'slurm' THEN f.exit_code WHEN 'own' THEN j.exit_code END AS exit_code,
  CASE w.word WHEN 'slurm' THEN f.signal WHEN 'own' THEN j.signal END AS signal,
  j.mode,
  j.commands,
  (SELECT count(*) FROM joblog.stream s WHERE s.job_key = j.job_key) AS streams,
  (SELECT coalesce(sum(s.lines), 0)::bigint FROM joblog.stream s WHERE s.job_key = j.job_key)
    AS lines,
  (SELECT coalesce(sum(s.bytes), 0)::bigint FROM joblog.stream s WHERE s.job_key = j.job_key)
    AS bytes,
  (SELECT max(s.last_at) FROM joblog.stream s WHERE s.job_key = j.job_key) AS last_output_at,
  nullif(f.state, 'MISSING') AS slurm_state,
  f.partition,
  f.nodes,
  f.submitted_at,
  f.looked_at AS asked_at
FROM joblog.job j
LEFT JOIN joblog.job_facts f ON f.job_key = j.job_key
-- Whose word counts. Slurm's last word before all; that it still runs, if Slurm said so after the
-- sender did (a job goes on between two of its steps); else what the sender said.
CROSS JOIN LATERAL (
  SELECT CASE
    WHEN f.final THEN 'slurm'
    WHEN f.state = 'UNKNOWN' AND j.ended_at IS NULL THEN 'lost'
    WHEN j.ended_at IS NULL THEN 'running'
    WHEN f.state NOT IN ('UNKNOWN', 'COMPLETING') AND f.missing_since IS NULL
      AND f.looked_at > j.seen_at THEN 'running'
    ELSE 'own' END AS word
) w;

-- Its rows have the new columns.
CREATE OR REPLACE FUNCTION jobs.job_list(
  newest integer DEFAULT 100, "user" text DEFAULT NULL, since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL)
RETURNS SETOF jobs.job
LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
  SELECT j.* FROM jobs.job j
  WHERE (job_list."user" IS NULL OR j."user" = job_list."user")
    AND (job_list.since IS NULL OR coalesce(j.ended_at, 'infinity') >= job_list.since)
    AND (job_list.until IS NULL OR j.started_at <= job_list.until)
  ORDER BY j.started_at DESC, j.job_key DESC
  LIMIT least(greatest(coalesce(job_list.newest, 100), 0), 1000);
END;

-- As before, and the facts go with their job.
CREATE OR REPLACE FUNCTION joblog.remove_empty_jobs(at_most integer) RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  gone bigint[];
BEGIN
  gone := ARRAY(
    SELECT j.job_key FROM joblog.job j
    WHERE j.seen_at < joblog.oldest_partition()
      AND NOT EXISTS (
        SELECT FROM joblog.stream s
        WHERE s.job_key = j.job_key AND s.committed_at >= joblog.oldest_partition())
    ORDER BY j.seen_at LIMIT at_most
    FOR UPDATE SKIP LOCKED);
  DELETE FROM joblog.stream WHERE job_key = ANY (gone);
  DELETE FROM joblog.compaction WHERE job_key = ANY (gone);
  DELETE FROM joblog.quarantine WHERE job_key = ANY (gone);
  DELETE FROM joblog.metadata_key WHERE job_key = ANY (gone);
  DELETE FROM joblog.job_facts WHERE job_key = ANY (gone);
  DELETE FROM joblog.job WHERE job_key = ANY (gone);
  RETURN cardinality(gone);
END
$$;
