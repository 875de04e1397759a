-- The inner tables. Nobody but joblog reads or writes them: people read the views and functions of
-- the schema "jobs" (V2 and later), which stay as they are while these may change.
--
-- Rules that hold for all of them:
--   * the key of the job comes first in every primary key, and every query names it;
--   * what grows with the output is partitioned by the time at which it was stored (the clock of
--     the database, not of a node), a week each, and goes by dropping partitions;
--   * what is updated all the time (stream, commit_token) has no index on a column that changes and
--     free room in its pages, so that an update touches no index (HOT).

CREATE SEQUENCE joblog.job_key;
CREATE SEQUENCE joblog.stream_key;
CREATE SEQUENCE joblog.event_key;
-- Fencing tokens: each opening of a stream takes the next.
CREATE SEQUENCE joblog.owner;

-- The time that microseconds since the epoch mean, exactly.
CREATE FUNCTION joblog.at(micros bigint) RETURNS timestamptz
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT timestamptz 'epoch' + at.micros * interval '1 microsecond';
END;

-- Consecutive lines of a stream: the same shape in a chunk and on a screen.
CREATE TYPE joblog.lines AS (
  first_line bigint,
  lines integer,
  first_at timestamptz,
  last_at timestamptz,
  body text,               -- the lines, separated by LF
  run_lines integer[],     -- run-length code of the times: so many lines …
  run_micros bigint[],     -- … were printed so long after first_at; both null: all at first_at
  mark_index integer[],    -- the lines about which there is more to say, from 0; null: none
  mark_kind smallint[],    -- 0 text, 1 metadata, 2 command, 3 repeat
  mark_repeats bigint[],
  mark_first_at bigint[],  -- microseconds since the epoch, 0 if it does not apply
  mark_last_at bigint[],
  mark_cut bigint[],
  mark_ansi text[]
);

CREATE TABLE joblog.job (
  job_key bigint PRIMARY KEY DEFAULT nextval('joblog.job_key'),
  cluster text NOT NULL,
  job text NOT NULL CHECK (job ~ '^[A-Za-z0-9_.+-]{1,64}$'),
  restart integer NOT NULL,
  user_name text NOT NULL,
  uid bigint NOT NULL,
  name text NOT NULL,
  started_at timestamptz NOT NULL,
  -- when it last greeted or changed: a sign of life beside the commits of its streams
  seen_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  exit_code smallint,
  signal smallint,
  mode text NOT NULL CHECK (mode IN ('enabled', 'metadata', 'disabled')),
  commands boolean NOT NULL,
  -- whether nothing more is to be learnt of the run from Slurm; a new greeting makes it false again
  settled boolean NOT NULL DEFAULT false
) WITH (fillfactor = 80);
CREATE INDEX job_by_id ON joblog.job (job, started_at DESC);
CREATE INDEX job_by_start ON joblog.job (started_at DESC);
CREATE INDEX job_by_sign_of_life ON joblog.job (seen_at);
CREATE INDEX job_by_user ON joblog.job (user_name, started_at DESC);
CREATE INDEX job_unsettled ON joblog.job (cluster, job_key) WHERE NOT settled;

-- What Slurm itself says of the jobs that joblog knows. One row a run; nothing of any other job.
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

CREATE TABLE joblog.stream (
  job_key bigint NOT NULL,
  stream_key bigint NOT NULL DEFAULT nextval('joblog.stream_key'),
  step bigint NOT NULL,
  node text NOT NULL,
  task integer NOT NULL,
  kind smallint NOT NULL CHECK (kind IN (1, 2, 3)),  -- stdout, stderr, both through one pipe
  source bigint NOT NULL,                            -- which sending process
  owner bigint NOT NULL,
  committed_offset bigint NOT NULL DEFAULT 0,
  -- All chunks of the stream were stored between these two: tells which partitions hold them.
  created_at timestamptz NOT NULL DEFAULT now(),
  committed_at timestamptz NOT NULL DEFAULT now(),
  bytes bigint NOT NULL DEFAULT 0,
  ended boolean NOT NULL DEFAULT false,
  first_at timestamptz,
  last_at timestamptz,
  scrollback_end bigint NOT NULL DEFAULT 0,
  lines bigint NOT NULL DEFAULT 0,                   -- scrollback and screen
  -- The screen: the first base_keep lines of base, then tail; from scrollback_end on.
  base_first_line bigint NOT NULL DEFAULT 0,
  base_keep integer NOT NULL DEFAULT 0,
  journal bytea NOT NULL DEFAULT '',
  tail joblog.lines,
  checkpoint bytea,
  base joblog.lines,
  PRIMARY KEY (job_key, stream_key),
  -- The job is not first here: else the planner takes this index for a stream of a job, too, and
  -- reads all streams of the job for each.
  UNIQUE (node, job_key, step, task, kind, source)
) WITH (
  fillfactor = 50,
  -- A checkpoint or base of more than a few lines lies outside the row, and is not written again
  -- by the many updates that leave it as it is.
  toast_tuple_target = 512,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_cost_delay = 0
);
-- The journal and the tail change with every commit: inside the row as long as it holds them.
ALTER TABLE joblog.stream ALTER COLUMN journal SET STORAGE MAIN;
ALTER TABLE joblog.stream ALTER COLUMN tail SET STORAGE MAIN;

CREATE TABLE joblog.chunk (
  job_key bigint NOT NULL,
  stream_key bigint NOT NULL,
  first_line bigint NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  -- Readers rely on the bound: they find the chunk of a line without knowing where it begins.
  lines integer NOT NULL CHECK (lines BETWEEN 1 AND 8192),
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  body text NOT NULL,
  run_lines integer[],
  run_micros bigint[],
  mark_index integer[],
  mark_kind smallint[],
  mark_repeats bigint[],
  mark_first_at bigint[],
  mark_last_at bigint[],
  mark_cut bigint[],
  mark_ansi text[],
  PRIMARY KEY (job_key, stream_key, first_line, stored_at)
) PARTITION BY RANGE (stored_at);

CREATE TABLE joblog.event (
  job_key bigint NOT NULL,
  event_key bigint NOT NULL DEFAULT nextval('joblog.event_key'),
  stored_at timestamptz NOT NULL DEFAULT now(),
  at timestamptz NOT NULL,
  stream_key bigint NOT NULL,                        -- 0: the job as a whole
  after_line bigint NOT NULL,
  kind text NOT NULL,
  message text NOT NULL,
  details jsonb NOT NULL,
  PRIMARY KEY (job_key, event_key, stored_at)
) PARTITION BY RANGE (stored_at);
-- Which caps on metadata the user of a job has been told about is asked whenever a job is opened: not
-- by reading through all its events.
CREATE INDEX event_metadata_cap ON joblog.event (job_key) WHERE kind = 'metadata_cap';

-- What the database refused: the bytes, and what it said.
CREATE TABLE joblog.quarantine (
  job_key bigint NOT NULL,
  quarantine_key bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY,
  stored_at timestamptz NOT NULL DEFAULT now(),
  stream_key bigint NOT NULL,
  kind text NOT NULL,                                -- line, screen, event, record, statistics
  position bigint NOT NULL,                          -- number of the line or record
  content bytea NOT NULL,
  sqlstate text NOT NULL,
  error text NOT NULL,
  PRIMARY KEY (job_key, quarantine_key)
);

-- The last commit of each writer: tells whether a commit whose answer was lost took place.
CREATE TABLE joblog.commit_token (
  writer uuid PRIMARY KEY,
  sequence bigint NOT NULL,
  committed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 20);

-- Streams whose small chunks are not yet joined into large ones.
CREATE TABLE joblog.compaction (
  job_key bigint NOT NULL,
  stream_key bigint NOT NULL,
  next_line bigint NOT NULL DEFAULT 0,               -- what lies before is as large as it gets
  looked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (job_key, stream_key)
);
CREATE INDEX compaction_by_age ON joblog.compaction (looked_at);

-- lz4 where the server has it: it packs and unpacks several times faster than pglz.
DO $$
DECLARE
  target record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_settings
                 WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    RETURN;
  END IF;
  FOR target IN
    SELECT c.oid::regclass AS relation, a.attname AS name
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    WHERE c.oid IN ('joblog.chunk'::regclass, 'joblog.stream'::regclass, 'joblog.event'::regclass)
      AND a.attnum > 0 AND a.attstorage IN ('x', 'm') AND NOT a.attisdropped
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4', target.relation, target.name);
  END LOOP;
END
$$;

-- Partitions -------------------------------------------------------------------------------------

-- Creates what is missing of the partitions of this week and the next ones.
--
-- SECURITY DEFINER, because only the owner may create tables and the server is not to have the
-- owner's rights; it takes one bounded number and touches nothing but new tables.
-- ATTACH and not CREATE … PARTITION OF: that would lock out readers and writers of the parent.
CREATE FUNCTION joblog.create_partitions(weeks_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '5s'
AS $$
DECLARE
  parent record;
  starts timestamptz;
  name text;
  created integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('joblog.partitions', 0));
  FOR parent IN
    SELECT c.oid, c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
    WHERE c.relnamespace = 'joblog'::regnamespace
  LOOP
    FOR week IN 0 .. least(greatest(weeks_ahead, 0), 52) LOOP
      starts := date_trunc('week', now(), 'UTC') + week * interval '168 hours';
      name := parent.relname || '_' || to_char(starts AT TIME ZONE 'UTC', 'YYYYMMDD');
      CONTINUE WHEN to_regclass(format('joblog.%I', name)) IS NOT NULL;
      EXECUTE format(
        'CREATE TABLE joblog.%I (LIKE joblog.%I INCLUDING DEFAULTS INCLUDING STORAGE'
        || ' INCLUDING COMPRESSION INCLUDING CONSTRAINTS)', name, parent.relname);
      EXECUTE format(
        'ALTER TABLE joblog.%I ATTACH PARTITION joblog.%I FOR VALUES FROM (%L) TO (%L)',
        parent.relname, name, starts, starts + interval '168 hours');
      created := created + 1;
    END LOOP;
  END LOOP;
  RETURN created;
END
$$;

-- Drops the partitions whose newest row is older than the given age, at least a day. Returns how many.
CREATE FUNCTION joblog.drop_partitions(older_than interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '5s'
AS $$
DECLARE
  leaf record;
  dropped integer := 0;
BEGIN
  IF older_than < interval '1 day' THEN
    RAISE EXCEPTION 'age of partitions to drop: % (expected: >= 1 day)', older_than;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('joblog.partitions', 0));
  FOR leaf IN
    SELECT c.relname FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    JOIN pg_partitioned_table p ON p.partrelid = i.inhparent
    WHERE c.relnamespace = 'joblog'::regnamespace
      AND c.relkind = 'r' AND c.relname ~ '_[0-9]{8}$'
      AND to_timestamp(right(c.relname, 8) || ' +00', 'YYYYMMDD TZH') + interval '168 hours'
          <= now() - older_than
    ORDER BY right(c.relname, 8), c.relname
  LOOP
    EXECUTE format('DROP TABLE joblog.%I', leaf.relname);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;
REVOKE ALL ON FUNCTION joblog.create_partitions(integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION joblog.drop_partitions(interval) FROM PUBLIC;

-- Since when everything that was stored is still there.
CREATE FUNCTION joblog.oldest_partition() RETURNS timestamptz
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT min(to_timestamp(right(c.relname, 8) || ' +00', 'YYYYMMDD TZH'))
  FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'joblog.chunk'::regclass AND c.relname ~ '_[0-9]{8}$';
END;

-- Upkeep -----------------------------------------------------------------------------------------

-- Removes jobs of which nothing is left but their rows: no sign of life since the oldest partition.
-- At most so many; returns how many.
CREATE FUNCTION joblog.remove_empty_jobs(at_most integer) RETURNS integer
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

-- Joins consecutive chunks of a stream into one, from the one that begins with first to the one
-- that begins with last. Readers see either the old ones or the new one.
CREATE FUNCTION joblog.join_chunks(job bigint, stream bigint, first bigint, last bigint) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
  WITH gone AS (
    DELETE FROM joblog.chunk c
    WHERE c.job_key = job AND c.stream_key = stream AND c.first_line BETWEEN first AND last
    RETURNING c.*
  ), whole AS (
    SELECT min(g.first_line) AS first_line, max(g.stored_at) AS stored_at, sum(g.lines) AS lines,
      min(g.first_at) AS first_at, max(g.last_at) AS last_at,
      string_agg(g.body, E'\n' ORDER BY g.first_line) AS body
    FROM gone g
  ), runs AS (
    SELECT array_agg(r.lines ORDER BY g.first_line, r.place) AS lines,
      array_agg(r.micros + (extract(epoch FROM g.first_at - w.first_at) * 1000000)::bigint
        ORDER BY g.first_line, r.place) AS micros
    FROM whole w, gone g,
      unnest(coalesce(g.run_lines, ARRAY[g.lines]), coalesce(g.run_micros, ARRAY[0::bigint]))
        WITH ORDINALITY AS r(lines, micros, place)
  ), marks AS (
    SELECT array_agg(m.index + (g.first_line - w.first_line)::integer ORDER BY g.first_line, m.place)
        AS index,
      array_agg(m.kind ORDER BY g.first_line, m.place) AS kind,
      CASE WHEN count(nullif(m.repeats, 0)) > 0
        THEN array_agg(coalesce(m.repeats, 0) ORDER BY g.first_line, m.place) END AS repeats,
      CASE WHEN count(nullif(m.first_at, 0)) > 0
        THEN array_agg(coalesce(m.first_at, 0) ORDER BY g.first_line, m.place) END AS first_at,
      CASE WHEN count(nullif(m.last_at, 0)) > 0
        THEN array_agg(coalesce(m.last_at, 0) ORDER BY g.first_line, m.place) END AS last_at,
      CASE WHEN count(nullif(m.cut, 0)) > 0
        THEN array_agg(coalesce(m.cut, 0) ORDER BY g.first_line, m.place) END AS cut,
      CASE WHEN count(m.ansi) > 0
        THEN array_agg(m.ansi ORDER BY g.first_line, m.place) END AS ansi
    FROM whole w, gone g,
      unnest(g.mark_index, g.mark_kind, g.mark_repeats, g.mark_first_at, g.mark_last_at,
          g.mark_cut, g.mark_ansi)
        WITH ORDINALITY AS m(index, kind, repeats, first_at, last_at, cut, ansi, place)
  )
  INSERT INTO joblog.chunk (job_key, stream_key, first_line, stored_at, lines, first_at, last_at,
    body, run_lines, run_micros, mark_index, mark_kind, mark_repeats, mark_first_at, mark_last_at,
    mark_cut, mark_ansi)
  SELECT job, stream, w.first_line, w.stored_at, w.lines, w.first_at, w.last_at, w.body,
    CASE WHEN w.first_at < w.last_at THEN r.lines END,
    CASE WHEN w.first_at < w.last_at THEN r.micros END,
    m.index, m.kind, m.repeats, m.first_at, m.last_at, m.cut, m.ansi
  FROM whole w, runs r, marks m
  WHERE w.first_line IS NOT NULL
$$;

-- Joins the small chunks (below 8 KiB) of one stream, from a line on, until about so many bytes are
-- written: neighbours in one partition, up to 64 KiB of text and 8192 lines.
-- Gives the line from which to go on, and whether there is more to do now.
CREATE FUNCTION joblog.compact_stream(
  job bigint, stream bigint, from_line bigint, at_most_bytes bigint,
  OUT next_line bigint, OUT more boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  c record;
  first bigint;         -- the group: its first chunk,
  last bigint;          -- its last chunk,
  chunks integer := 0;  -- and how many chunks,
  bytes bigint := 0;    -- bytes
  lines integer := 0;   -- and lines it has
  week timestamptz;
  written bigint := 0;
BEGIN
  next_line := from_line;
  FOR c IN
    SELECT k.first_line, k.lines, octet_length(k.body) + 1 AS bytes,
      date_trunc('week', k.stored_at, 'UTC') AS week
    FROM joblog.chunk k
    WHERE k.job_key = job AND k.stream_key = stream AND k.first_line >= from_line
    ORDER BY k.first_line
  LOOP
    IF chunks > 0 AND (c.bytes > 8192 OR c.first_line <> next_line OR c.week <> week
        OR bytes + c.bytes > 65536 OR lines + c.lines > 8192) THEN
      IF chunks > 1 THEN
        PERFORM joblog.join_chunks(job, stream, first, last);
        written := written + bytes;
      END IF;
      chunks := 0;
    END IF;
    IF written >= at_most_bytes THEN
      next_line := c.first_line;
      more := true;
      RETURN;
    END IF;
    next_line := c.first_line + c.lines;
    CONTINUE WHEN c.bytes > 8192;
    IF chunks = 0 THEN
      first := c.first_line;
      week := c.week;
      bytes := 0;
      lines := 0;
    END IF;
    last := c.first_line;
    chunks := chunks + 1;
    bytes := bytes + c.bytes;
    lines := lines + c.lines;
  END LOOP;
  IF chunks > 1 THEN
    PERFORM joblog.join_chunks(job, stream, first, last);
  END IF;
  -- The last group may still grow.
  IF chunks > 0 THEN
    next_line := first;
  END IF;
  more := false;
END
$$;

-- Compacts streams that have ended or been quiet for so long, the longest waiting first: at most so
-- many, and about so many bytes. Returns how many streams it looked at. Servers share the work: a
-- row that another one works on is passed over.
CREATE FUNCTION joblog.compact(quiet interval, at_most_streams integer, at_most_bytes bigint)
RETURNS integer
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  s record;
  done record;
  looked integer := 0;
BEGIN
  FOR s IN
    SELECT c.job_key, c.stream_key, c.next_line, t.ended
    FROM joblog.compaction c
    LEFT JOIN joblog.stream t ON t.job_key = c.job_key AND t.stream_key = c.stream_key
    WHERE t.stream_key IS NULL OR t.ended OR t.committed_at < now() - quiet
    ORDER BY c.looked_at LIMIT at_most_streams
    FOR UPDATE OF c SKIP LOCKED
  LOOP
    looked := looked + 1;
    SELECT * INTO done
    FROM joblog.compact_stream(s.job_key, s.stream_key, s.next_line, at_most_bytes);
    IF NOT done.more AND s.ended IS DISTINCT FROM false THEN
      DELETE FROM joblog.compaction c WHERE c.job_key = s.job_key AND c.stream_key = s.stream_key;
    ELSE
      UPDATE joblog.compaction c
      SET next_line = done.next_line, looked_at = clock_timestamp()
      WHERE c.job_key = s.job_key AND c.stream_key = s.stream_key;
    END IF;
    EXIT WHEN done.more;
  END LOOP;
  RETURN looked;
END
$$;
