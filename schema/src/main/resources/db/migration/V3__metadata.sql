-- Metadata: records for tables, points and key statistics for graphs.

CREATE TABLE joblog.metadata_record (
  job_key bigint NOT NULL,
  sequence bigint NOT NULL,
  stream_key bigint NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  at timestamptz NOT NULL,
  line bigint NOT NULL,                              -- -1: no text of it is stored
  record jsonb NOT NULL,
  -- The stream is part of the key, because two servers can number the records of one job for as
  -- long as it takes to move it from one to the other.
  PRIMARY KEY (job_key, sequence, stream_key, stored_at)
) PARTITION BY RANGE (stored_at);

CREATE TABLE joblog.metadata_point (
  job_key bigint NOT NULL,
  key text NOT NULL,
  sequence bigint NOT NULL,
  stream_key bigint NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  at timestamptz NOT NULL,
  integer_value bigint,                              -- the exact value, if it is an integer
  value double precision NOT NULL,
  PRIMARY KEY (job_key, key, sequence, stream_key, stored_at)
) PARTITION BY RANGE (stored_at);

CREATE TABLE joblog.metadata_key (
  job_key bigint NOT NULL,
  key text NOT NULL,
  count bigint NOT NULL,                             -- finite numbers
  holes bigint NOT NULL,                             -- NaN, infinities, out of range
  all_integers boolean NOT NULL,
  increased boolean NOT NULL,                        -- at least once above the value before
  decreased boolean NOT NULL,                        -- at least once below the value before
  x_class smallint NOT NULL,                         -- 1 to 7, best first; 8: no number
  first_value numeric,                               -- exact; null: no finite number yet
  last_value numeric,
  min_value numeric,
  max_value numeric,
  last_sequence bigint NOT NULL,                     -- newest record with this key
  last_at timestamptz NOT NULL,
  last_text text,                                    -- its value, if it is not a finite number
  PRIMARY KEY (job_key, key)
) WITH (fillfactor = 70);
