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
