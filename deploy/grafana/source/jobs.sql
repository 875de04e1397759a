-- name: users
SELECT '(everybody)' AS __text, '(everybody)' AS __value, 0 AS o
UNION ALL
SELECT u.name, u.name, 1 FROM jobs.users() AS u(name)
ORDER BY o, __value

-- name: jobs
SELECT
  j.state, j.job, j.name, j."user", j.started_at AS started, j.ended_at AS ended,
  extract(epoch FROM coalesce(j.ended_at, now()) - j.started_at)::double precision AS duration,
  j.last_output_at AS "last output", j.mode,
  (SELECT string_agg(m.key || ' = ' || left(m.value, 20), '   ' ORDER BY m.place)
   FROM (SELECT l.key, l.value, row_number() OVER () AS place
         FROM jobs.metadata_latest('key:' || j.job_key, 5) l) m) AS "latest values",
  j.lines, j.bytes, j.partition, j.nodes, nullif(j.exit_code, -1) AS "exit code", nullif(j.signal, 0) AS signal,
  j.cluster, j.restart,
  'key:' || j.job_key AS ref,
  -- As text: Grafana would shorten a number of milliseconds to "1.76 T".
  (floor(extract(epoch FROM j.started_at) * 1000) - 60000)::bigint::text AS from_ms,
  CASE WHEN j.ended_at IS NULL THEN 'now'
    ELSE (ceil(extract(epoch FROM greatest(j.ended_at, j.last_output_at)) * 1000) + 60000)::bigint::text
    END AS to_ms
FROM jobs.job_list(
  500, nullif(nullif(${user:sqlstring}, '(everybody)'), ''), $__timeFrom()::timestamptz, $__timeTo()::timestamptz,
  ARRAY[${state:sqlstring}]::text[],
  -- Encoded, because what looks like a macro in the words would be taken for one.
  jobs.percent_decoded('${search:percentencode}')) j
ORDER BY j.started_at DESC, j.job_key DESC
