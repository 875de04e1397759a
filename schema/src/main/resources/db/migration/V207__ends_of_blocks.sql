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
CREATE OR REPLACE FUNCTION jobs.log_lines(
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

