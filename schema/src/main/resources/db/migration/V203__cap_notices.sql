-- Which caps on metadata the user of a job has been told about is asked whenever a job is opened: not
-- by reading through all its events.
CREATE INDEX event_metadata_cap ON joblog.event (job_key) WHERE kind = 'metadata_cap';
