// Everything about one job.
import { LOGARITHMIC, POSTGRES, byTime, byX, colouredColumn, column, customVariable, dashboard, dataSourceVariable, link, logs, queryVariable, row, statements, table, textVariable } from './parts.mjs';
import { MODES, STATES } from './jobs.mjs';

const sql = statements('job-details.sql');

const LEGEND = 'Click an entry of the legend to see only that series; Ctrl+click turns single series on and off. ';
const MOMENT = 'Click a point for the log around its moment. ';
const KEPT = 'At most about 1000 points of each of at most 100 keys, those with the most numbers: the last value and the extremes of each stretch are kept, nothing is interpolated. What is no number (NaN) is left out: the line goes on to the next one. ';
const NO_NUMBERS =
  'No numbers in this range of time. They come from lines of stdout that are one JSON object, nothing else: {"epoch": 1, "loss": 7.2}. Look at a longer range of time, too.';

const title = (by) => `Metadata by ${by} · \${key:text}`;
const byXTitle = title('${x:text}');
const BY_X =
  'X is chosen in this order, the first by alphabet within each: progress; epoch; increasing integers; increasing numbers; monotone integers; monotone numbers; any numbers. Choose another one above. ';
// A logarithmic axis would draw zero, and what lies below, as a line that falls out of the panel. PostgreSQL
// keeps the order of a query around which only columns change.
const aboveZero = (sql, place, name) =>
  `SELECT ${place}, ${name}, CASE WHEN value > 0 THEN value END AS value FROM (\n${sql}\n) q`;
const ABOVE_ZERO = 'Values above zero on a logarithmic scale; zero and what lies below is left out. ';
const changed = 'With smoothing, if chosen above, what was printed stays as a thin grey line beneath each curve. Clipped values lie at the border.';

export const KINDS = {
  gap: 'red', quarantine: 'red', slowed: 'orange', command_error: 'orange', metadata_cap: 'orange', options: 'yellow', unslowed: 'green', command: 'blue',
};

const panels = [
  [
    table(
      'Job',
      'State and mode of the job. Mode: enabled keeps every line; metadata keeps only the records found in them; disabled keeps nothing but commands.',
      'No such job: nothing is kept under this id. Either its user did not opt in (touch ~/.logoptin before the job starts), or it has not printed yet, or it is too old. The dashboard Jobs lists what there is.',
      sql.job,
      [
        colouredColumn('state', STATES, 100),
        colouredColumn('mode', MODES, 90),
        column('duration', { unit: 's' }),
        column('lines', { unit: 'short' }),
        column('bytes', { unit: 'bytes' }),
      ],
    ),
    24,
    4,
  ],
  [
    table(
      'Notices of the logger',
      'What the logger has to say about this job, newest first: options or commands that it did not understand, commands that it obeyed, when the job was slowed because it printed too much, bytes that are missing.',
      'Nothing to tell: no command, nothing misunderstood, nothing missing, never slowed.',
      sql.notices,
      [colouredColumn('kind', KINDS, 130), column('time', { 'custom.width': 170 }), column('message', { 'custom.minWidth': 500, 'custom.wrapText': true })],
    ),
    24,
    5,
  ],
  [
    logs(
      'Log · ${stream:text}',
      'The newest lines in the chosen range of time, as a console would show them: a progress bar in progress is corrected with every refresh. stderr is in the closed row below, or beside stdout if you choose both under Stream. Choose more lines under Lines, and words to look for under Search. Open a line to see its stream, step, node and task. Notices of the logger stand between the lines.',
      'No lines here. Either the job has not printed on this stream in the chosen range of time, or no line has the words under Search, or its mode keeps no text: see Job above. Only stdout is shown until you choose stderr under Stream.',
      sql.log,
    ),
    24,
    16,
  ],
  [
    // One click away, and nothing is asked of the database before.
    row('stderr', [
      [
        logs(
          'stderr of the job',
          'The newest lines of stderr in the chosen range of time. Lines, Search and Task count here, too; metadata is not looked for in stderr.',
          'Nothing on stderr here. Either the job has printed nothing there in the chosen range of time, or no line has the words under Search, or stderr goes into the same file as stdout, or the mode keeps no text: see Job above.',
          sql.stderr,
        ),
        24,
        12,
      ],
    ]),
  ],
  [row('Metadata')],
  [byX(byXTitle, LEGEND + BY_X + KEPT + changed, NO_NUMBERS, sql['by x']), 12, 12],
  [byTime(title('time'), LEGEND + MOMENT + KEPT + changed, NO_NUMBERS, sql['by time']), 12, 12],
  [
    table(
      'Latest values',
      'Every key of the metadata with its last, least and greatest value, newest first. count: numbers; holes: NaN, infinities and what no double can hold. kind: how the key would serve as X axis.',
      'No metadata: the job has printed no line of stdout that is one JSON object, such as {"epoch": 1, "loss": 7.2}',
      sql['keys of the job'],
      [column('time', { 'custom.width': 170 }), ...['min', 'max', 'first'].map((name) => column(name, { unit: 'none' })), column('count', { unit: 'short' })],
    ),
    12,
    12,
  ],
  [
    table(
      'Records',
      'The newest 500 records in the chosen range of time, newest first, one column for each key.',
      'No records in this range of time.',
      sql.records,
      [column('time', { 'custom.width': 170 })],
      {
        transformations: [
          { id: 'extractFields', options: { source: '(record)', format: 'json', replace: false, keepTime: false } },
          { id: 'organize', options: { excludeByName: { '(record)': true }, indexByName: {}, renameByName: {} } },
        ],
      },
    ),
    12,
    12,
  ],
  [row('One graph for each key, at most 24')],
  [
    {
      ...byX('${each} by ${x:text}', 'One key alone, on a scale of its own. At most 24 keys get such a graph, those with the most numbers: choose others under Keys. ' + KEPT + changed, NO_NUMBERS, sql['one key by x'], { small: true }),
      repeat: 'each',
      repeatDirection: 'h',
      maxPerRow: 3,
    },
    8,
    7,
  ],
  [
    row('Logarithmic scale', [
      [byX(byXTitle + ' · log', ABOVE_ZERO + LEGEND + KEPT + changed, NO_NUMBERS, aboveZero(sql['by x'], 'x', 'key'), { scale: LOGARITHMIC }), 12, 12],
      [byTime(title('time') + ' · log', ABOVE_ZERO + LEGEND + KEPT + changed, NO_NUMBERS, aboveZero(sql['by time'], '"time"', 'metric'), LOGARITHMIC), 12, 12],
    ]),
  ],
];

export const SAME_X = customVariable('same_x', 'Several values at one X', 'What is drawn of several values at one X: the newest, their mean, or all of them side by side', [
  ['last', 'last'], ['mean', 'mean'], ['spread', 'spread'],
]);
export const SMOOTH = customVariable('smooth', 'Smoothing', 'Each point is the mean of so many around it; the curve as printed stays, thin and grey', [
  ['off', '0'], ['5 points', '5'], ['20 points', '20'], ['100 points', '100'],
]);
export const CLIP = customVariable('clip', 'Clipping', 'Draws the outermost values of each key at the border, so that outliers do not flatten the rest', [
  ['off', '0'], ['1 % at each end', '0.01'], ['5 % at each end', '0.05'],
]);

export default dashboard({
  uid: 'joblog-job-details',
  title: 'Job details',
  description: 'Log, metadata and graphs of one job, while it runs and afterwards. Everybody who sees this dashboard sees every job.',
  from: 'now-24h',
  refresh: '5s',
  links: [
    link('All jobs', '/d/joblog-jobs/jobs?${datasource:queryparam}', 'The list of jobs'),
    link('Compare with other jobs', '/d/joblog-compare-jobs/compare-jobs?var-jobs=${job:percentencode}&${datasource:queryparam}', 'This job beside others'),
  ],
  variables: [
    dataSourceVariable(POSTGRES),
    // Only when the dashboard is loaded: a job that a link names must not be exchanged for one of the list.
    queryVariable('job', 'Job', 'Choose one of the newest 200, or type the id of a job', sql.jobs, { refresh: 1 }),
    customVariable('stream', 'Stream', 'stdout, stderr or both', [['stdout', 'stdout'], ['stderr', 'stderr']], { multi: true }),
    customVariable('lines', 'Lines', 'How many of the newest lines', [['1000', '1000'], ['200', '200'], ['5000', '5000'], ['10000', '10000']]),
    textVariable('search', 'Search', 'Only lines that contain this, in upper or lower case'),
    queryVariable('task', 'Task', 'Only the output of one task', sql.tasks, { current: { text: '(all)', value: '(all)' } }),
    queryVariable('x', 'X', 'What the graphs by X are drawn over', sql.x, { current: { text: '(auto)', value: 'auto' } }),
    queryVariable('key', 'Keys', 'Which keys are drawn. Counters are integers that only grow, such as step: they would flatten the rest', sql.keys, {
      multi: true,
      current: { text: ['(all but counters)'], value: ['(measures)'] },
    }),
    SAME_X,
    SMOOTH,
    CLIP,
    queryVariable('each', 'Graphs', 'Keys that get a graph of their own', sql.each, {
      hide: 2,
      multi: true,
      includeAll: true,
      current: { text: ['All'], value: ['$__all'] },
    }),
  ],
  panels,
});
