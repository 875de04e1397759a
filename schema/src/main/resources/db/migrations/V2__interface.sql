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
  s.created_at,
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

-- Lines as they are stored: blocks of consecutive lines of a stream, of which those from from_line
-- to before to_line are shown. Queries say to_line > from_line: the view leaves it to them, because
-- PostgreSQL takes the arms of a UNION ALL apart only if they have no condition of their own, and
-- would read the streams of all jobs.
CREATE VIEW jobs.block AS
SELECT
  c.job_key, c.stream_key, c.first_line,
  c.first_line AS from_line, c.first_line + c.lines AS to_line,
  c.first_at, c.last_at, c.body, c.run_lines, c.run_micros,
  c.mark_index, c.mark_kind, c.mark_repeats, c.mark_first_at, c.mark_last_at, c.mark_cut,
  c.mark_ansi, false AS on_screen, c.stored_at
FROM joblog.chunk c
UNION ALL
SELECT
  s.job_key, s.stream_key, s.base_first_line,
  greatest(s.base_first_line, s.scrollback_end), s.base_first_line + s.base_keep,
  (s.base).first_at, (s.base).last_at, (s.base).body, (s.base).run_lines, (s.base).run_micros,
  (s.base).mark_index, (s.base).mark_kind, (s.base).mark_repeats, (s.base).mark_first_at,
  (s.base).mark_last_at, (s.base).mark_cut, (s.base).mark_ansi, true, s.committed_at
FROM joblog.stream s
UNION ALL
SELECT
  s.job_key, s.stream_key, (s.tail).first_line,
  greatest((s.tail).first_line, s.scrollback_end), (s.tail).first_line + (s.tail).lines,
  (s.tail).first_at, (s.tail).last_at, (s.tail).body, (s.tail).run_lines, (s.tail).run_micros,
  (s.tail).mark_index, (s.tail).mark_kind, (s.tail).mark_repeats, (s.tail).mark_first_at,
  (s.tail).mark_last_at, (s.tail).mark_cut, (s.tail).mark_ansi, true, s.committed_at
FROM joblog.stream s;

-- Which job a caller means: 'key:42' is the job with that key; else the id of a job, alone or after
-- 'cluster/': its newest run. Blanks around it, as they come with pasting, do not count. Null if
-- there is none.
CREATE FUNCTION jobs.job_key(job text) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT CASE
    WHEN btrim(job_key.job) ~ '^key:[0-9]{1,18}$' THEN
      (SELECT j.job_key FROM jobs.job j WHERE j.job_key = substr(btrim(job_key.job), 5)::bigint)
    ELSE
      (SELECT j.job_key FROM jobs.job j
       WHERE j.job = regexp_replace(btrim(job_key.job), '^.*/', '')
         AND (job_key.job !~ '/' OR j.cluster = regexp_replace(btrim(job_key.job), '/[^/]*$', ''))
       ORDER BY j.started_at DESC, j.job_key DESC LIMIT 1)
    END;
END;

-- The lines of a block, one a row. The arguments are the columns of jobs.block.
CREATE FUNCTION jobs.expand(
  first_line bigint, from_line bigint, to_line bigint, first_at timestamptz, body text,
  run_lines integer[], run_micros bigint[], mark_index integer[], mark_kind smallint[],
  mark_repeats bigint[], mark_first_at bigint[], mark_last_at bigint[], mark_cut bigint[],
  mark_ansi text[])
RETURNS TABLE (
  line bigint, at timestamptz, text text, ansi text, kind smallint, repeats bigint,
  repeated_from timestamptz, repeated_to timestamptz, cut_bytes bigint)
LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
  SELECT
    expand.first_line + l.place - 1,
    expand.first_at + coalesce(l.micros, 0) * interval '1 microsecond',
    l.text,
    m.ansi,
    coalesce(m.kind, 0::smallint),
    coalesce(m.repeats, 0),
    joblog.at(nullif(m.first_at, 0)),
    joblog.at(nullif(m.last_at, 0)),
    coalesce(m.cut, 0)
  FROM unnest(
      CASE WHEN expand.body = '' THEN ARRAY[''] ELSE string_to_array(expand.body, E'\n') END,
      ARRAY(
        SELECT r.micros
        FROM unnest(expand.run_lines, expand.run_micros) WITH ORDINALITY AS r(lines, micros, place)
        CROSS JOIN LATERAL generate_series(1, r.lines)
        ORDER BY r.place)
    ) WITH ORDINALITY AS l(text, micros, place)
  LEFT JOIN unnest(
      expand.mark_index, expand.mark_kind, expand.mark_repeats, expand.mark_first_at,
      expand.mark_last_at, expand.mark_cut, expand.mark_ansi
    ) AS m(index, kind, repeats, first_at, last_at, cut, ansi) ON m.index = l.place - 1
  WHERE l.place > expand.from_line - expand.first_line
    AND l.place <= expand.to_line - expand.first_line;
END;

-- Whether a text contains another, in upper or lower case. ASCII is compared byte by byte, which is
-- twice as fast as by the rules of a language.
CREATE FUNCTION jobs.contains(body text, search text) RETURNS boolean
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT CASE
    WHEN contains.search IS NULL OR contains.search = '' THEN true
    WHEN contains.search ~ '^[ -~]+$' THEN
      contains.body COLLATE "C" ILIKE
        ('%' || replace(replace(replace(contains.search, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    ELSE
      contains.body ILIKE
        ('%' || replace(replace(replace(contains.search, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    END;
END;

-- What a text stood for before it was percent-encoded (RFC 3986). Dashboards hand over in this way what
-- somebody types: Grafana would take "$HOME(" in a query for a macro. A NUL goes; bytes that are
-- no UTF-8 are an error.
CREATE FUNCTION jobs.percent_decoded(encoded text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT
BEGIN ATOMIC
  SELECT convert_from(coalesce(string_agg(
      CASE WHEN p.piece[1] ~ '^%..$' THEN decode(substr(p.piece[1], 2), 'hex')
        ELSE convert_to(p.piece[1], 'UTF8') END, '' ORDER BY p.place), ''), 'UTF8')
  FROM regexp_matches(percent_decoded.encoded, '%[0-9A-Fa-f]{2}|[^%]+|%', 'g')
    WITH ORDINALITY AS p(piece, place)
  WHERE p.piece[1] <> '%00';
END;

-- Which streams of a job a caller means. A combined stream counts as stdout.
CREATE FUNCTION jobs.chosen_streams(
  job_key bigint, streams text[], step text, node text, task integer)
RETURNS SETOF jobs.stream
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT s.* FROM jobs.stream s
  WHERE s.job_key = chosen_streams.job_key
    AND (s.stream = ANY (chosen_streams.streams)
      OR s.stream = 'combined' AND 'stdout' = ANY (chosen_streams.streams))
    AND (chosen_streams.step IS NULL OR s.step = chosen_streams.step)
    AND (chosen_streams.node IS NULL OR s.node = chosen_streams.node)
    AND (chosen_streams.task IS NULL OR s.task = chosen_streams.task);
END;

-- The newest lines of a job, oldest of them first, with the logger's messages at their places.
--
-- Without a search the cost grows with the number of lines asked for, not with the job: the blocks
-- that can hold one of the newest n lines are found from their line numbers and times alone, and
-- only those are unpacked. A search looks at all blocks of the job in the range of time.
--
-- Where a thousand tasks print at the same time, each has a block that could hold some of them. The
-- times of lines are kept apart from their text, so they tell which end of a block it is: a time is
-- guessed from samples, the lines from then on are counted, and if they are enough, only the ends of
-- the blocks are unpacked. A wrong guess costs time, never a line.
CREATE FUNCTION jobs.log_lines(
  job text,
  streams text[] DEFAULT ARRAY['stdout'],
  newest integer DEFAULT 1000,
  since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL,
  search text DEFAULT NULL,
  step text DEFAULT NULL,
  node text DEFAULT NULL,
  task integer DEFAULT NULL)
RETURNS TABLE (
  "time" timestamptz, body text, level text, id text, "tsNs" text, labels jsonb,
  stream text, line bigint, kind text, repeats bigint,
  repeated_from timestamptz, repeated_to timestamptz, cut_bytes bigint, text text,
  step text, node text, task integer, job_key bigint, stream_key bigint)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  WITH asked AS MATERIALIZED (
    SELECT jobs.job_key(log_lines.job) AS job_key,
      least(greatest(coalesce(log_lines.newest, 1000), 0), 10000) AS n,
      coalesce(log_lines.since, '-infinity') AS since,
      coalesce(log_lines.until, 'infinity') AS until,
      nullif(log_lines.search, '') AS search
  ),
  chosen AS MATERIALIZED (
    SELECT s.*, a.since, a.until, a.search,
      -- No block has more than 8192 lines.
      CASE WHEN a.search IS NULL AND a.until >= s.last_at THEN s.lines - a.n - 8192 ELSE -1 END
        AS lowest
    FROM asked a
    CROSS JOIN LATERAL jobs.chosen_streams(
      a.job_key, log_lines.streams, log_lines.step, log_lines.node, log_lines.task) s
  ),
  -- Nothing is unpacked here but for a search: large columns are carried by reference.
  blocks AS MATERIALIZED (
    SELECT b.*, s.stream, s.step, s.node, s.task, CASE
        WHEN s.search IS NULL AND b.last_at <= s.until THEN b.to_line - b.from_line
        -- A block that contains the words has at least one line that does.
        WHEN s.search IS NOT NULL AND b.last_at <= s.until AND NOT b.on_screen THEN 1
        ELSE 0 END AS sure_lines
    FROM chosen s CROSS JOIN LATERAL (
      SELECT * FROM jobs.block x
      WHERE x.job_key = s.job_key AND x.stream_key = s.stream_key
        AND x.first_line > s.lowest AND x.to_line > x.from_line
        -- A day less, because after a failover the clock of the database may be another one's.
        AND x.stored_at BETWEEN s.created_at - interval '1 day' AND s.committed_at
        AND x.first_at <= s.until AND x.last_at >= s.since
    ) b
    WHERE s.search IS NULL OR jobs.contains(b.body, s.search)
  ),
  -- From this time on there are at least n lines; the newest n are among them.
  enough AS MATERIALIZED (
    SELECT coalesce(max(c.first_at), '-infinity') AS at
    FROM (SELECT b.first_at,
            sum(b.sure_lines) OVER (ORDER BY b.first_at DESC ROWS UNBOUNDED PRECEDING) AS lines
          FROM blocks b) c, asked a
    WHERE c.lines >= a.n
  ),
  needed AS MATERIALIZED (
    SELECT b.*,
      -- Copies in memory: each look at what lies outside of its row would unpack it.
      CASE WHEN a.search IS NULL THEN b.run_lines[:] END AS lengths,
      CASE WHEN a.search IS NULL THEN b.run_micros[:] END AS micros
    FROM asked a CROSS JOIN enough CROSS JOIN blocks b
    WHERE b.last_at >= enough.at
  ),
  -- Lines come in runs of one time. If of each block the last run is counted, the last two, four,
  -- eight and so on: from which time on are there n?
  guess AS MATERIALIZED (
    SELECT max(g.at) AS at
    FROM asked a CROSS JOIN (
      SELECT r.at, sum(r.lines) OVER (ORDER BY r.at DESC ROWS UNBOUNDED PRECEDING) AS lines
      FROM asked a CROSS JOIN needed b CROSS JOIN LATERAL (
        SELECT b.first_at + coalesce(b.micros[cardinality(b.micros) + 1 - (1 << p.power)], 0)
            * interval '1 microsecond' AS at,
          CASE p.power WHEN 0 THEN 1 ELSE 1 << (p.power - 1) END AS lines
        -- No block has more than 8192 lines.
        FROM generate_series(0, 13) p(power)
        WHERE 1 << p.power <= coalesce(cardinality(b.micros), 1)
      ) r
      WHERE a.search IS NULL AND r.at BETWEEN a.since AND a.until
    ) g
    WHERE g.lines >= a.n
  ),
  -- What comes before the first line of a block that is late enough.
  begun AS MATERIALIZED (
    SELECT b.*, s.runs AS early_runs, e.lines AS early_lines
    FROM guess g CROSS JOIN needed b
    CROSS JOIN LATERAL (
      -- OFFSET: once a block, not for each of its runs.
      SELECT (extract(epoch FROM g.at - b.first_at) * 1000000)::bigint AS micros OFFSET 0
    ) t
    CROSS JOIN LATERAL (
      SELECT coalesce(min(r.place) - 1, cardinality(b.micros), 0) AS runs
      FROM unnest(b.micros) WITH ORDINALITY r(micros, place)
      WHERE r.micros >= t.micros
    ) s
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(r.lines), 0)::bigint AS lines FROM unnest(b.lengths[:s.runs::integer]) r(lines)
    ) e
    WHERE g.at IS NOT NULL AND b.last_at >= g.at
  ),
  -- Whether there are n lines indeed. Of a block of the screen a part may be hidden: so many of the
  -- late lines may be among those.
  sure AS MATERIALIZED (
    SELECT coalesce(sum(CASE
        WHEN b.lengths IS NOT NULL THEN greatest(0, l.late - (l.all - b.to_line
          + greatest(b.from_line, b.first_line + b.early_lines)))
        WHEN b.first_at BETWEEN g.at AND a.until THEN b.to_line - b.from_line
        ELSE 0 END), 0) >= min(a.n) AS is_enough
    FROM asked a CROSS JOIN guess g CROSS JOIN begun b CROSS JOIN LATERAL (
      SELECT sum(r.lines) AS all, sum(r.lines) FILTER (
        WHERE b.first_at + r.micros * interval '1 microsecond' BETWEEN g.at AND a.until) AS late
      FROM unnest(b.lengths[b.early_runs::integer + 1:], b.micros[b.early_runs::integer + 1:])
        r(lines, micros)
    ) l
  ),
  parts AS MATERIALIZED (
    SELECT b.stream, b.step, b.node, b.task, b.stream_key, b.to_line, b.first_at,
      b.first_line + b.early_lines AS first_line,
      greatest(b.from_line, b.first_line + b.early_lines) AS from_line,
      CASE WHEN b.early_lines = 0 THEN b.body
        ELSE array_to_string((string_to_array(b.body, E'\n'))[b.early_lines::integer + 1:], E'\n') END AS body,
      b.lengths[b.early_runs::integer + 1:] AS run_lines, b.micros[b.early_runs::integer + 1:] AS run_micros,
      CASE WHEN b.mark_index IS NOT NULL THEN ARRAY(
        SELECT (m.index - b.early_lines)::integer
        FROM unnest(b.mark_index) WITH ORDINALITY m(index, place) ORDER BY m.place) END AS mark_index,
      b.mark_kind, b.mark_repeats, b.mark_first_at, b.mark_last_at, b.mark_cut, b.mark_ansi
    FROM sure s CROSS JOIN begun b
    WHERE s.is_enough AND b.early_lines < b.to_line - b.first_line
    UNION ALL
    SELECT b.stream, b.step, b.node, b.task, b.stream_key, b.to_line, b.first_at, b.first_line,
      b.from_line, b.body, b.run_lines, b.run_micros, b.mark_index, b.mark_kind, b.mark_repeats,
      b.mark_first_at, b.mark_last_at, b.mark_cut, b.mark_ansi
    FROM sure s CROSS JOIN needed b
    WHERE s.is_enough IS NOT TRUE
  ),
  found AS (
    SELECT l.at, coalesce(l.ansi, l.text) AS body, l.text, b.stream, l.line,
      CASE l.kind WHEN 0 THEN 'text' WHEN 1 THEN 'metadata' WHEN 2 THEN 'command' ELSE 'repeat' END
        AS kind,
      l.repeats, l.repeated_from, l.repeated_to, l.cut_bytes, b.step, b.node, b.task, b.stream_key,
      b.stream_key || ':' || l.line AS id, 1 AS rank
    FROM asked a CROSS JOIN parts b CROSS JOIN LATERAL jobs.expand(
      b.first_line, b.from_line, b.to_line, b.first_at, b.body, b.run_lines, b.run_micros,
      b.mark_index, b.mark_kind, b.mark_repeats, b.mark_first_at, b.mark_last_at, b.mark_cut,
      b.mark_ansi) l
    WHERE l.at BETWEEN a.since AND a.until AND jobs.contains(l.text, a.search)
    UNION ALL
    SELECT e."time", e.message, e.message, coalesce(s.stream, 'joblog'), e.after_line, 'event', 0,
      NULL, NULL, 0, s.step, s.node, s.task, e.stream_key, 'event:' || e.event_key, 0
    FROM asked a
    JOIN jobs.event e ON e.job_key = a.job_key AND e.in_log
    LEFT JOIN chosen s ON s.stream_key = e.stream_key
    WHERE (e.stream_key IS NULL OR s.stream_key IS NOT NULL)
      AND e."time" BETWEEN a.since AND a.until AND jobs.contains(e.message, a.search)
  ),
  latest AS (
    SELECT f.* FROM found f
    ORDER BY f.at DESC, f.stream_key DESC NULLS LAST, f.line DESC, f.rank DESC
    LIMIT (SELECT a.n FROM asked a)
  )
  SELECT f.at, f.body,
    CASE WHEN f.kind = 'event' THEN 'warning' WHEN f.stream = 'stderr' THEN 'error' ELSE 'info' END,
    a.job_key || ':' || f.id,
    -- Lines of one moment keep their order: their place in it counts as nanoseconds.
    ((extract(epoch FROM f.at) * 1000000)::bigint * 1000
      + row_number() OVER (PARTITION BY f.at ORDER BY f.stream_key NULLS FIRST, f.line, f.rank)
      - 1)::text,
    jsonb_strip_nulls(jsonb_build_object(
      'stream', f.stream, 'step', f.step, 'node', f.node, 'task', f.task, 'line', f.line,
      'kind', f.kind)),
    f.stream, f.line, f.kind, f.repeats, f.repeated_from, f.repeated_to, f.cut_bytes, f.text,
    f.step, f.node, f.task, a.job_key, f.stream_key
  FROM latest f CROSS JOIN asked a
  ORDER BY f.at, f.stream_key NULLS FIRST, f.line, f.rank;
END;

-- Lines of one stream by their numbers, in order, at most 10000: for reading a log page by page.
CREATE FUNCTION jobs.stream_lines(
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
    SELECT greatest(stream_lines.first_line, 0) AS from_line,
      greatest(stream_lines.first_line, 0)
        + least(greatest(stream_lines.lines, 0), 10000) AS to_line
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

-- The newest lines of a job as plain text, one text with line ends.
CREATE FUNCTION jobs.log_text(
  job text, streams text[] DEFAULT ARRAY['stdout'], newest integer DEFAULT 10000)
RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT coalesce(string_agg(l.text, E'\n' ORDER BY l.place) || E'\n', '')
  FROM jobs.log_lines(log_text.job, log_text.streams, log_text.newest)
    WITH ORDINALITY AS l("time", body, level, id, ts_ns, labels, stream, line, kind, repeats,
      repeated_from, repeated_to, cut_bytes, text, step, node, task, job_key, stream_key, place);
END;

-- The newest events of a job, newest first, at most 1000.
CREATE FUNCTION jobs.events(job text, newest integer DEFAULT 200)
RETURNS SETOF jobs.event
LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
  SELECT e.* FROM jobs.event e
  WHERE e.job_key = jobs.job_key(events.job)
  ORDER BY e."time" DESC, e.event_key DESC
  LIMIT least(greatest(coalesce(events.newest, 200), 0), 1000);
END;

-- Jobs that were started last, newest first, at most 1000. They are chosen by state and by words
-- before they are counted: a list that is bounded first and filtered afterwards would lose what is
-- older than the newest thousand.
CREATE FUNCTION jobs.job_list(
  newest integer DEFAULT 100, "user" text DEFAULT NULL, since timestamptz DEFAULT NULL,
  until timestamptz DEFAULT NULL, states text[] DEFAULT NULL, search text DEFAULT NULL)
RETURNS SETOF jobs.job
LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
  SELECT j.* FROM jobs.job j
  WHERE (job_list."user" IS NULL OR j."user" = job_list."user")
    AND (job_list.since IS NULL OR coalesce(j.ended_at, 'infinity') >= job_list.since)
    AND (job_list.until IS NULL OR j.started_at <= job_list.until)
    AND (job_list.states IS NULL OR j.state = ANY (job_list.states))
    AND jobs.contains(j.job || ' ' || j.name, job_list.search)
  ORDER BY j.started_at DESC, j.job_key DESC
  LIMIT least(greatest(coalesce(job_list.newest, 100), 0), 1000);
END;

-- Whose jobs there are, in the order of the alphabet, at most 10,000 names. From name to name in the index:
-- the cost grows with the users, not with their jobs.
CREATE FUNCTION jobs.users() RETURNS SETOF text
LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
  WITH RECURSIVE found(name) AS (
    (SELECT j."user" FROM jobs.job j ORDER BY j."user" LIMIT 1)
    UNION ALL
    SELECT (SELECT j."user" FROM jobs.job j WHERE j."user" > f.name ORDER BY j."user" LIMIT 1)
    FROM found f WHERE f.name IS NOT NULL
  )
  SELECT f.name FROM found f WHERE f.name IS NOT NULL LIMIT 10000;
END;
