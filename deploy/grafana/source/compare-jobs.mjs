// Several jobs over one X.
import { POSTGRES, byX, colouredColumn, column, customVariable, dashboard, dataSourceVariable, hiddenColumn, link, matrix, queryVariable, row, statements, table } from './parts.mjs';
import { MODES, STATES } from './jobs.mjs';
import { CLIP, SAME_X, SMOOTH } from './job-details.mjs';

const sql = statements('compare-jobs.sql');

const NOTHING = 'Choose jobs above, at most 20. Only jobs with metadata can be compared: lines of stdout that are one JSON object.';

const details = {
  title: 'Log, metadata and graphs of this job',
  url: '/d/joblog-job-details/job-details?var-job=${__data.fields.ref:percentencode}&from=${__data.fields.from_ms}&to=${__data.fields.to_ms}&${datasource:queryparam}',
};

export default dashboard({
  uid: 'joblog-compare-jobs',
  title: 'Compare jobs',
  description: 'Up to 20 jobs side by side: one graph for each key, one line for each job, all over the same X.',
  from: 'now-24h',
  refresh: '30s',
  links: [link('All jobs', '/d/joblog-jobs/jobs?${datasource:queryparam}', 'The list of jobs')],
  variables: [
    dataSourceVariable(POSTGRES),
    // Only when the dashboard is loaded: jobs that a link names must not be exchanged for others.
    queryVariable('jobs', 'Jobs', 'Choose among the newest 200, or type ids; at most 20', sql.jobs, { refresh: 1, multi: true }),
    queryVariable('x', 'X', 'What all jobs are drawn over; (auto) is the best that most of them have', sql.x, { current: { text: '(auto)', value: 'auto' } }),
    queryVariable('key', 'Keys', 'Each gets a graph; at most 100, those that most of the jobs have', sql.keys, { multi: true, includeAll: true, current: { text: ['All'], value: ['$__all'] } }),
    SAME_X,
    SMOOTH,
    CLIP,
    customVariable('statistic', 'Statistic', 'What the table shows of each key and job', [
      ['last', 'last'], ['min', 'min'], ['max', 'max'], ['first', 'first'], ['count', 'count'], ['last minus the first job’s', 'difference'],
    ]),
  ],
  panels: [
    [
      table('Chosen jobs', 'The jobs that are compared, in the order of the choice. A name opens the job.', NOTHING, sql.chosen, [
        column('label', { displayName: 'job', links: [details], 'custom.width': 260 }),
        colouredColumn('state', STATES, 100),
        colouredColumn('mode', MODES, 90),
        column('duration', { unit: 's' }),
        column('lines', { unit: 'short' }),
        column('bytes', { unit: 'bytes' }),
        ...['ref', 'from_ms', 'to_ms'].map(hiddenColumn),
      ]),
      12,
      9,
    ],
    [
      table(
        'Keys · ${statistic:text}',
        'One row for each key, one column for each job: the last, least, greatest or first number, or how many there are. The difference is to the first of the chosen jobs.',
        NOTHING,
        sql.statistics,
        [column('key\\label', { displayName: 'key' })],
        { transformations: [matrix('key', 'label', 'value')] },
      ),
      12,
      9,
    ],
    [row('Graphs')],
    [
      {
        ...byX(
          '${key} by ${x:text}',
          'One line for each job. Click an entry of the legend to see only that job; Ctrl+click turns single jobs on and off. At most about 1000 points a job: the last value and the extremes of each stretch are kept, nothing is interpolated.',
          NOTHING,
          sql.graph,
        ),
        repeat: 'key',
        repeatDirection: 'h',
        maxPerRow: 2,
      },
      12,
      10,
    ],
  ],
});
