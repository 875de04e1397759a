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
SELECT DISTINCT k.key COLLATE "C" AS __text, k.key COLLATE "C" AS __value
FROM jobs.job_labels(ARRAY[${jobs:sqlstring}]::text[]) l
CROSS JOIN LATERAL jobs.metadata_graph_keys(
  'key:' || l.job_key, ARRAY['(measures)'], replace(${x:sqlstring}, '\"', '"')) AS k(key)
ORDER BY __value LIMIT 100

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
WITH numbers AS (
  SELECT k.key, l.label, l.place,
    CASE ${statistic:sqlstring}
      WHEN 'min' THEN k.min_value WHEN 'max' THEN k.max_value WHEN 'first' THEN k.first_value
      WHEN 'count' THEN k.count ELSE k.last_value END::double precision AS value
  FROM jobs.job_labels(ARRAY[${jobs:sqlstring}]::text[]) l
  CROSS JOIN LATERAL jobs.metadata_keys('key:' || l.job_key) k
  WHERE k.count > 0
)
SELECT n.key, n.label,
  CASE WHEN ${statistic:sqlstring} = 'difference' THEN n.value - b.value ELSE n.value END AS value
FROM numbers n LEFT JOIN numbers b ON b.key = n.key AND b.place = 1
ORDER BY n.key COLLATE "C", n.place

-- name: graph
WITH points AS MATERIALIZED (
  SELECT x, key || ' (raw)' AS key, value, 0 AS layer, row_number() OVER () AS place
  FROM jobs.metadata_graph_compare(
    ARRAY[${jobs:sqlstring}]::text[], replace((ARRAY[${key:sqlstring}]::text[])[1], '\"', '"'), replace(${x:sqlstring}, '\"', '"'),
    ${same_x:sqlstring}, 0, ${clip:sqlstring}::double precision)
  WHERE ${smooth:sqlstring}::integer > 1
  UNION ALL
  SELECT x, key, value, 1, row_number() OVER ()
  FROM jobs.metadata_graph_compare(
    ARRAY[${jobs:sqlstring}]::text[], replace((ARRAY[${key:sqlstring}]::text[])[1], '\"', '"'), replace(${x:sqlstring}, '\"', '"'),
    ${same_x:sqlstring}, ${smooth:sqlstring}::integer, ${clip:sqlstring}::double precision)
)
SELECT x, key, value FROM (
  SELECT x, key, value, layer, place FROM points
  UNION ALL
  SELECT 0, 'no job has numbers over this X', NULL, 0, 0 WHERE NOT EXISTS (SELECT FROM points)
) p
ORDER BY x, layer, place
