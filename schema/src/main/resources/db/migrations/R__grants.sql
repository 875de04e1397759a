-- Runs at every migration: ${flyway:timestamp}
-- The operator may have created the roles since the last one.

-- So that there is always a partition to write to, also before the server first runs.
SELECT joblog.create_partitions(4);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${writer}') THEN
    GRANT USAGE ON SCHEMA joblog, jobs TO ${writer};
    GRANT SELECT ON ALL TABLES IN SCHEMA joblog, jobs TO ${writer};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA joblog TO ${writer};
    -- DELETE: jobs whose output is gone, chunks that were joined into larger ones.
    GRANT INSERT, UPDATE, DELETE ON
      joblog.job, joblog.job_facts, joblog.stream, joblog.commit_token, joblog.compaction,
      joblog.metadata_key
      TO ${writer};
    GRANT INSERT, DELETE ON joblog.chunk, joblog.quarantine, joblog.metadata_block TO ${writer};
    GRANT INSERT ON joblog.event, joblog.metadata_column TO ${writer};
    GRANT EXECUTE ON FUNCTION
      joblog.create_partitions(integer), joblog.drop_partitions(interval) TO ${writer};
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${reader}') THEN
    GRANT USAGE ON SCHEMA jobs TO ${reader};
    GRANT SELECT ON ALL TABLES IN SCHEMA jobs TO ${reader};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO ${reader};
  END IF;
END
$$;
