-- What a look at the dashboards with hostile jobs and busy clusters asked for.
--
-- Jobs are chosen by state and by words before they are counted: a list that is bounded first and
-- filtered afterwards would lose what is older than the newest thousand.

-- It has new arguments at its end: with the old one beside it, a call without them would be ambiguous.
DROP FUNCTION jobs.job_list(integer, text, timestamptz, timestamptz);

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

-- As before, and blanks around an id, as they come with pasting, do not count.
CREATE OR REPLACE FUNCTION jobs.job_key(job text) RETURNS bigint
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

-- The keys that a graph shows, at most 100, by name. A choice names keys; '(all)' means all that have
-- numbers, '(measures)' all but counters: integers that only grow, such as step, which would flatten
-- the rest. If nothing is left then it means all. The X axis is shown only if it is named.
--
-- Where there are more, those with the most numbers are shown: a table of 500 results that is printed once
-- does not push the loss out. Counts are compared by their power of two, so that the choice stays the same
-- while keys that are printed in turn grow.
CREATE OR REPLACE FUNCTION jobs.metadata_graph_keys(
  job text, choice text[] DEFAULT ARRAY['(measures)'], x text DEFAULT NULL)
RETURNS SETOF text
LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
  WITH numeric_keys AS MATERIALIZED (
    SELECT k.key, floor(log(2, k.count)) AS magnitude,
      NOT (k.all_integers AND k.increased AND NOT k.decreased OR k.key IN ('progress', 'epoch'))
        AS is_measure
    FROM jobs.metadata_key k
    WHERE k.job_key = jobs.job_key(metadata_graph_keys.job) AND k.count > 0
  ),
  axis AS MATERIALIZED (
    SELECT jobs.metadata_x(metadata_graph_keys.job, metadata_graph_keys.x) AS key
    WHERE metadata_graph_keys.x IS NOT NULL
  ),
  measures AS MATERIALIZED (
    SELECT EXISTS (
      SELECT FROM numeric_keys n
      WHERE n.is_measure AND NOT EXISTS (SELECT FROM axis a WHERE a.key = n.key)) AS are_there
  ),
  chosen AS (
    SELECT n.key FROM numeric_keys n CROSS JOIN measures m
    -- Grafana escapes a double quote inside a value.
    WHERE n.key = ANY (metadata_graph_keys.choice)
      OR replace(n.key, '"', '\"') = ANY (metadata_graph_keys.choice)
      OR NOT EXISTS (SELECT FROM axis a WHERE a.key = n.key)
        AND ('(all)' = ANY (metadata_graph_keys.choice)
          OR '(measures)' = ANY (metadata_graph_keys.choice)
            AND (n.is_measure OR NOT m.are_there))
    ORDER BY n.magnitude DESC, n.key COLLATE "C"
    LIMIT 100
  )
  SELECT c.key FROM chosen c ORDER BY c.key COLLATE "C";
END;
