-- The three roles of joblog. Run it once, connected to the database that joblog shall use, as a
-- superuser or as a role that may create roles:
--
--     psql -d joblog -f roles.sql
--
-- Then give the roles their passwords (\password joblog_writer) or certificates. Running the file
-- again, after an upgrade say, does no harm.
--
--   joblog_owner   owns the tables; `joblog migrate` connects as it
--   joblog_writer  what the ingest server connects as: it adds and updates, it alters no table
--   joblog_reader  what Grafana and people connect as: it sees the schema "jobs" and nothing else

DO $$
DECLARE
  role_name text;
  lock_function regprocedure;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['joblog_owner', 'joblog_writer', 'joblog_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', role_name);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role_name);
  END LOOP;
  EXECUTE format('GRANT CREATE ON DATABASE %I TO joblog_owner', current_database());
  -- Whoever may query could fill the disk with temporary tables and large objects, which joblog does not use,
  -- and hold up the server with the locks that it takes.
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    REVOKE EXECUTE ON FUNCTION
      pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;
    FOR lock_function IN
      SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '^pg_(try_)?advisory_(xact_)?lock'
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', lock_function);
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO joblog_owner, joblog_writer', lock_function);
    END LOOP;
  ELSE
    RAISE NOTICE 'only a superuser can forbid readers to make large objects and to take advisory locks';
  END IF;
  -- A dashboard may not hold the database: at most this many connections, and no query for ever.
  ALTER ROLE joblog_reader CONNECTION LIMIT 50;
  ALTER ROLE joblog_reader SET statement_timeout = '30s';
  -- A transaction that somebody forgot to end would hold up the dropping of old weeks.
  ALTER ROLE joblog_reader SET idle_in_transaction_session_timeout = '60s';
  -- Compiling the query of a dashboard takes longer than running it.
  ALTER ROLE joblog_reader SET jit = off;
  -- A graph sorts up to a million points: with the default of 4 MB it does so on disk, in twice the time.
  ALTER ROLE joblog_reader SET work_mem = '64MB';
  ALTER ROLE joblog_reader SET default_transaction_read_only = on;
END
$$;
