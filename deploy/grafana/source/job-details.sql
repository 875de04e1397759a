-- name: jobs
SELECT concat_ws(' · ', j.job, nullif(j.name, ''), j."user", j.state) AS __text,
  'key:' || j.job_key AS __value, row_number() OVER () AS o
FROM jobs.job_list(200) j
ORDER BY o

-- name: tasks
SELECT '(all)' AS __text, '(all)' AS __value, -1 AS o
UNION ALL
SELECT DISTINCT s.task::text, s.task::text, s.task
FROM jobs.stream s WHERE s.job_key = jobs.job_key(${job:sqlstring})
ORDER BY o LIMIT 1000

-- name: x
SELECT concat_ws(' ', '(auto)', jobs.metadata_x(${job:sqlstring})) AS __text, 'auto' AS __value, 0 AS o
UNION ALL
SELECT c.x || ' (' || c.x_class_name || ')', c.x, row_number() OVER ()
FROM jobs.metadata_x_candidates(${job:sqlstring}) c
ORDER BY o

-- name: keys
SELECT '(all but counters)' AS __text, '(measures)' AS __value, 0 AS o, '' COLLATE "C" AS k
UNION ALL
SELECT '(all)', '(all)', 1, ''
UNION ALL
SELECT k.key, k.key, 2, k.key FROM jobs.metadata_keys(${job:sqlstring}) k WHERE k.count > 0
ORDER BY o, k

-- name: each
-- Of many keys those with the most numbers, compared as in metadata_graph_keys.
SELECT e.key AS __text, e.key AS __value FROM (
  SELECT g.key
  FROM jobs.metadata_graph_keys(
    ${job:sqlstring}, ARRAY[${key:sqlstring}]::text[], jobs.percent_decoded('${x:percentencode}')) AS g(key)
  JOIN jobs.metadata_keys(${job:sqlstring}) k ON k.key = g.key
  ORDER BY floor(log(2, k.count)) DESC, g.key COLLATE "C" LIMIT 24
) e
ORDER BY e.key COLLATE "C"

-- name: job
SELECT j.state, j.mode, j.job, j.name, j."user", j.cluster, j.restart,
  j.started_at AS started, j.ended_at AS ended,
  extract(epoch FROM coalesce(j.ended_at, now()) - j.started_at)::double precision AS duration,
  CASE WHEN j.signal > 0 THEN 'signal ' || j.signal WHEN j.exit_code >= 0 THEN j.exit_code::text END AS exit,
  j.last_output_at AS "last output", j.lines, j.bytes, j.streams,
  CASE WHEN j.commands THEN 'obeyed' ELSE 'plain text' END AS commands
FROM jobs.job j WHERE j.job_key = jobs.job_key(${job:sqlstring})

-- name: notices
SELECT e."time", e.kind, e.message, s.stream, s.step, s.node, s.task
FROM jobs.events(${job:sqlstring}, 200) e
LEFT JOIN jobs.stream s ON s.job_key = e.job_key AND s.stream_key = e.stream_key
WHERE e.kind <> 'end'
ORDER BY e."time" DESC, e.event_key DESC

-- name: log
SELECT "time", body, level, id, "tsNs", labels
FROM jobs.log_lines(
  ${job:sqlstring}, ARRAY[${stream:sqlstring}]::text[], ${lines:sqlstring}::integer,
  $__timeFrom()::timestamptz,
  -- The clock of a node may be a little ahead of the browser's.
  $__timeTo()::timestamptz + interval '10 seconds',
  jobs.percent_decoded('${search:percentencode}'), task => nullif(nullif(${task:sqlstring}, '(all)'), '')::integer)

-- name: stderr
SELECT "time", body, level, id, "tsNs", labels
FROM jobs.log_lines(
  ${job:sqlstring}, ARRAY['stderr'], ${lines:sqlstring}::integer,
  $__timeFrom()::timestamptz, $__timeTo()::timestamptz + interval '10 seconds',
  jobs.percent_decoded('${search:percentencode}'), task => nullif(nullif(${task:sqlstring}, '(all)'), '')::integer)

-- name: by time
-- Where curves are smoothed, what was printed stays visible beneath them. The character of no width behind
-- its name keeps it apart from a key that is called so.
SELECT "time", metric, value FROM (
  SELECT "time", key || ' (raw)' || chr(8203) AS metric, value, 0 AS layer
  FROM jobs.metadata_graph_by_time(
    ${job:sqlstring}, ARRAY[${key:sqlstring}]::text[], $__timeFrom()::timestamptz, $__timeTo()::timestamptz,
    0, ${clip:sqlstring}::double precision)
  WHERE ${smooth:sqlstring}::integer > 1
  UNION ALL
  SELECT "time", key, value, 1
  FROM jobs.metadata_graph_by_time(
    ${job:sqlstring}, ARRAY[${key:sqlstring}]::text[], $__timeFrom()::timestamptz, $__timeTo()::timestamptz,
    ${smooth:sqlstring}::integer, ${clip:sqlstring}::double precision)
) p
ORDER BY "time", layer

-- name: by x
-- Without any point there is one empty series that says why.
WITH points AS MATERIALIZED (
  SELECT x, key || ' (raw)' || chr(8203) AS key, value, 0 AS layer, row_number() OVER () AS place
  FROM jobs.metadata_graph_by_x(
    ${job:sqlstring}, jobs.percent_decoded('${x:percentencode}'), ARRAY[${key:sqlstring}]::text[],
    ${same_x:sqlstring}, 0, ${clip:sqlstring}::double precision)
  WHERE ${smooth:sqlstring}::integer > 1
  UNION ALL
  SELECT x, key, value, 1, row_number() OVER ()
  FROM jobs.metadata_graph_by_x(
    ${job:sqlstring}, jobs.percent_decoded('${x:percentencode}'), ARRAY[${key:sqlstring}]::text[],
    ${same_x:sqlstring}, ${smooth:sqlstring}::integer, ${clip:sqlstring}::double precision)
)
SELECT x, key, value FROM (
  SELECT x, key, value, layer, place FROM points
  UNION ALL
  SELECT 0, 'no numbers over this X', NULL, 0, 0 WHERE NOT EXISTS (SELECT FROM points)
) p
ORDER BY x, layer, place

-- name: one key by x
WITH points AS MATERIALIZED (
  SELECT x, key || ' (raw)' || chr(8203) AS key, value, 0 AS layer, row_number() OVER () AS place
  FROM jobs.metadata_graph_by_x(
    ${job:sqlstring}, jobs.percent_decoded('${x:percentencode}'), ARRAY[${each:sqlstring}]::text[],
    ${same_x:sqlstring}, 0, ${clip:sqlstring}::double precision)
  WHERE ${smooth:sqlstring}::integer > 1
  UNION ALL
  SELECT x, key, value, 1, row_number() OVER ()
  FROM jobs.metadata_graph_by_x(
    ${job:sqlstring}, jobs.percent_decoded('${x:percentencode}'), ARRAY[${each:sqlstring}]::text[],
    ${same_x:sqlstring}, ${smooth:sqlstring}::integer, ${clip:sqlstring}::double precision)
)
SELECT x, key, value FROM (
  SELECT x, key, value, layer, place FROM points
  UNION ALL
  SELECT 0, 'no numbers over this X', NULL, 0, 0 WHERE NOT EXISTS (SELECT FROM points)
) p
ORDER BY x, layer, place

-- name: keys of the job
SELECT k.last_at AS "time", k.key, k.last_text AS last, k.min_value AS min, k.max_value AS max,
  k.first_value AS first, k.count, k.holes,
  -- In a query of its own X is chosen once, and not for each of a thousand keys.
  CASE WHEN k.key = (SELECT jobs.metadata_x(${job:sqlstring}, jobs.percent_decoded('${x:percentencode}')))
    THEN 'X axis: ' ELSE '' END || k.x_class_name AS kind
FROM jobs.metadata_keys(${job:sqlstring}) k
ORDER BY k.last_at DESC, k.last_sequence DESC, k.key COLLATE "C"

-- name: records
SELECT "time", record AS "(record)"
FROM jobs.metadata_records(
  ${job:sqlstring}, 500, $__timeFrom()::timestamptz, $__timeTo()::timestamptz + interval '10 seconds')
ORDER BY "time" DESC, sequence DESC
