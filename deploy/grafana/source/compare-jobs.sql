-- name: jobs
SELECT concat_ws(' · ', j.job, nullif(j.name, ''), j."user", j.state) AS __text,
  'key:' || j.job_key AS __value, row_number() OVER () AS o
FROM jobs.job_list(200) j
ORDER BY o

-- name: x
SELECT concat_ws(' ', '(auto)', jobs.metadata_common_x(ARRAY[${jobs:sqlstring}]::text[])) AS __text, 'auto' AS __value,
  0 AS o, '' COLLATE "C" AS k
UNION ALL
SELECT c.x, c.x, min(c.x_class), c.x
FROM jobs.job_labels(ARRAY[${jobs:sqlstring}]::text[]) l
CROSS JOIN LATERAL jobs.metadata_x_candidates('key:' || l.job_key) c
GROUP BY c.x
ORDER BY o, k

-- name: keys
-- Of many keys those that most jobs have.
SELECT s.key AS __text, s.key AS __value FROM (
  SELECT k.key
  FROM jobs.job_labels(ARRAY[${jobs:sqlstring}]::text[]) l
  CROSS JOIN LATERAL jobs.metadata_graph_keys(
    'key:' || l.job_key, ARRAY['(measures)'], jobs.percent_decoded('${x:percentencode}')) AS k(key)
  GROUP BY k.key
  ORDER BY count(*) DESC, k.key COLLATE "C" LIMIT 100
) s
ORDER BY s.key COLLATE "C"

-- name: chosen
SELECT l.label, j.state, j."user", j.mode, j.started_at AS started, j.ended_at AS ended,
  extract(epoch FROM coalesce(j.ended_at, now()) - j.started_at)::double precision AS duration,
  j.lines, j.bytes, 'key:' || j.job_key AS ref,
  (floor(extract(epoch FROM j.started_at) * 1000) - 60000)::bigint::text AS from_ms,
  CASE WHEN j.ended_at IS NULL THEN 'now'
    ELSE (ceil(extract(epoch FROM greatest(j.ended_at, j.last_output_at)) * 1000) + 60000)::bigint::text
    END AS to_ms
FROM jobs.job_labels(ARRAY[${jobs:sqlstring}]::text[]) l
JOIN jobs.job j ON j.job_key = l.job_key
ORDER BY l.place

-- name: statistics
-- A row for each key and each job, also where a job has no such key: the first row names all jobs, so
-- that their columns stand in the order of the choice.
WITH labels AS MATERIALIZED (
  SELECT l.place, l.label, l.job_key FROM jobs.job_labels(ARRAY[${jobs:sqlstring}]::text[]) l
),
numbers AS MATERIALIZED (
  SELECT k.key, l.place,
    CASE ${statistic:sqlstring}
      WHEN 'min' THEN k.min_value WHEN 'max' THEN k.max_value WHEN 'first' THEN k.first_value
      WHEN 'count' THEN k.count ELSE k.last_value END::double precision AS value
  FROM labels l
  CROSS JOIN LATERAL jobs.metadata_keys('key:' || l.job_key) k
  WHERE k.count > 0
),
keys AS (
  SELECT n.key, min(n.value) FILTER (WHERE n.place = 1) AS base
  FROM numbers n GROUP BY n.key ORDER BY n.key COLLATE "C" LIMIT 1000
)
SELECT k.key, l.label,
  CASE WHEN ${statistic:sqlstring} <> 'difference' THEN n.value
    -- A difference out of the range of a double would be an error.
    WHEN abs(n.value) < 1e300 AND abs(k.base) < 1e300 THEN n.value - k.base END AS value
FROM keys k CROSS JOIN labels l
LEFT JOIN numbers n ON n.key = k.key AND n.place = l.place
ORDER BY k.key COLLATE "C", l.place

-- name: graph
WITH points AS MATERIALIZED (
  SELECT x, key || ' (raw)' || chr(8203) AS key, value, 0 AS layer, row_number() OVER () AS place
  FROM jobs.metadata_graph_compare(
    ARRAY[${jobs:sqlstring}]::text[], replace((ARRAY[${key:sqlstring}]::text[])[1], '\"', '"'), jobs.percent_decoded('${x:percentencode}'),
    ${same_x:sqlstring}, 0, ${clip:sqlstring}::double precision)
  WHERE ${smooth:sqlstring}::integer > 1
  UNION ALL
  SELECT x, key, value, 1, row_number() OVER ()
  FROM jobs.metadata_graph_compare(
    ARRAY[${jobs:sqlstring}]::text[], replace((ARRAY[${key:sqlstring}]::text[])[1], '\"', '"'), jobs.percent_decoded('${x:percentencode}'),
    ${same_x:sqlstring}, ${smooth:sqlstring}::integer, ${clip:sqlstring}::double precision)
)
SELECT x, key, value FROM (
  SELECT x, key, value, layer, place FROM points
  UNION ALL
  SELECT 0, 'no job has numbers over this X', NULL, 0, 0 WHERE NOT EXISTS (SELECT FROM points)
) p
ORDER BY x, layer, place
