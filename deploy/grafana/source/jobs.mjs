// The list of jobs.
import { POSTGRES, colouredColumn, column, customVariable, dashboard, dataSourceVariable, hiddenColumn, queryVariable, statements, table, textVariable } from './parts.mjs';

const sql = statements('jobs.sql');

export const STATES = { running: 'blue', completed: 'green', failed: 'red', killed: 'orange', cancelled: 'orange', timeout: 'orange', requeued: 'yellow', unknown: 'purple' };
export const MODES = { enabled: 'green', metadata: 'yellow', disabled: 'red' };

const details = {
  title: 'Log, metadata and graphs of this job',
  url: '/d/joblog-job-details/job-details?var-job=${__data.fields.ref:percentencode}&from=${__data.fields.from_ms}&to=${__data.fields.to_ms}&${datasource:queryparam}',
};

const states = Object.keys(STATES).map((state) => [state, state]);

export default dashboard({
  uid: 'joblog-jobs',
  title: 'Jobs',
  description: 'Jobs whose users keep their output here (a file ~/.logoptin). Click a job to see its log, its metadata and its graphs.',
  from: 'now-7d',
  refresh: '30s',
  variables: [
    dataSourceVariable(POSTGRES),
    queryVariable('user', 'User', 'Whose jobs; offered are all whose jobs are kept', sql.users, { current: { text: '(everybody)', value: '(everybody)' } }),
    customVariable('state', 'State', 'Killed: ended by a signal', states, {
      multi: true,
      includeAll: true,
      current: { text: ['All'], value: ['$__all'] },
    }),
    textVariable('search', 'Id or name', 'Part of the id or of the name of a job'),
  ],
  panels: [
    [
      table(
        'Jobs',
        'Jobs that ran in the chosen range of time, newest first, at most 500. The id opens the job with its own range of time. Latest values: up to five keys of its metadata.',
        'No job here: none ran in this range of time with this user, state and name, or nobody opted in. A user opts in with: touch ~/.logoptin',
        sql.jobs,
        [
          colouredColumn('state', STATES, 100),
          column('job', { links: [details], 'custom.width': 140 }),
          column('name', { links: [details], 'custom.width': 200 }),
          column('duration', { unit: 's', 'custom.width': 100 }),
          colouredColumn('mode', MODES, 90),
          column('latest values', { 'custom.width': 420 }),
          column('lines', { unit: 'short' }),
          column('bytes', { unit: 'bytes' }),
          ...['ref', 'from_ms', 'to_ms'].map(hiddenColumn),
        ],
      ),
      24,
      24,
    ],
  ],
});
