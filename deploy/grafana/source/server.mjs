// The server, for operators; on Prometheus.
import { dashboard, dataSourceVariable, measured, row } from './parts.mjs';

const on = '{job=~"$job",instance=~"$instance"}';
const onWith = (more) => `{job=~"$job",instance=~"$instance",${more}}`;

const labelVariable = (name, label, query) => ({
  name,
  label,
  type: 'query',
  datasource: { type: 'prometheus', uid: '${datasource}' },
  query: { query, refId: name },
  definition: query,
  refresh: 2,
  sort: 1,
  hide: 0,
  includeAll: true,
  multi: true,
  allValue: '.+',
  current: { text: ['All'], value: ['$__all'] },
});

const stat = (title, description, unit, expr, steps) => [
  measured('stat', title, description, unit, [[expr, '{{instance}}']], {
    fieldConfig: {
      defaults: {
        noValue: 'No data: does Prometheus scrape the server?',
        unit,
        color: { mode: 'thresholds' },
        thresholds: { mode: 'absolute', steps },
      },
      overrides: [],
    },
  }),
  4,
  4,
];
const steps = (...pairs) => pairs.map(([color, value]) => ({ color, value }));
const plain = steps(['text', null]);
const graph = (title, description, unit, ...queries) => [measured('timeseries', title, description, unit, queries), 12, 8];

export default dashboard({
  uid: 'joblog-server',
  title: 'joblog server',
  description: 'Whether the log server keeps up. For operators; the numbers of single jobs are on the dashboard Job details.',
  tags: ['operators'],
  from: 'now-6h',
  refresh: '30s',
  variables: [
    dataSourceVariable('prometheus'),
    labelVariable('job', 'Prometheus job', 'label_values(joblog_build_info, job)'),
    labelVariable('instance', 'Server', 'label_values(joblog_build_info{job=~"$job"}, instance)'),
  ],
  panels: [
    stat('Waiting for its commit', 'Age of the received byte that waits longest. Above a minute viewers are behind; above ten, jobs may be held up.', 's', `joblog_oldest_uncommitted_seconds${on}`, steps(['green', null], ['orange', 60], ['red', 600])),
    stat('Database', '1: it answered last time. 0: it is away, and senders wait; nothing is lost.', 'none', `joblog_database_up${on}`, steps(['red', null], ['green', 1])),
    stat('Jobs', 'Jobs in memory now.', 'short', `joblog_jobs${on}`, plain),
    stat('Slowed jobs', 'Jobs that print more than their limit on throughput and are slowed by backpressure now. Their own dashboard says so, too.', 'short', `joblog_throttled_jobs${on}`, steps(['green', null], ['orange', 1])),
    stat('Streams', 'Streams that are open now.', 'short', `joblog_streams${on}`, plain),
    stat('Connections', 'Connections of shippers now.', 'short', `joblog_connections${on}`, plain),
    [row('Throughput')],
    graph('Job output', 'Received and committed must rise together; received counts repetitions, too.', 'Bps',
      [`instance:joblog_received_output_bytes:rate5m${on}`, 'received {{instance}}'],
      [`instance:joblog_committed_output_bytes:rate5m${on}`, 'committed {{instance}}']),
    graph('Lines and records', 'Lines of log and records of metadata that were written.', 'cps',
      [`rate(joblog_committed_lines_total${on}[$__rate_interval])`, 'lines {{instance}}'],
      [`rate(joblog_committed_records_total${on}[$__rate_interval])`, 'records {{instance}}']),
    [row('Store')],
    graph('Time of a commit', 'From handing a batch over until it is durable: half of them, and 99 of 100, take at most so long.', 's',
      [`instance:joblog_commit_duration_seconds:p50_5m${on}`, 'median {{instance}}'],
      [`instance:joblog_commit_duration_seconds:p99_5m${on}`, '99 % {{instance}}']),
    graph('Calls that the database could not take', 'They are repeated until it can. More than a few: look at the log of the database.', 'cps',
      [`rate(joblog_store_failures_total${on}[$__rate_interval])`, '{{instance}}']),
    graph('Waiting for its commit', 'Age of the received byte that waits longest.', 's', [`joblog_oldest_uncommitted_seconds${on}`, '{{instance}}']),
    graph('Output in a batch', 'Mean output of a batch: a batch is what has piled up while the one before was written.', 'bytes',
      [`rate(joblog_batch_output_bytes_sum${on}[$__rate_interval]) / rate(joblog_batch_output_bytes_count${on}[$__rate_interval])`, '{{instance}}']),
    [row('Backpressure')],
    graph('Memory that waits', 'Received and not yet committed, as a share of its bound (limits.memory). At 100 % all senders wait.', 'percentunit', [`instance:joblog_queue:ratio${on}`, '{{instance}}']),
    graph('Senders told to wait', 'By reason. throughput: one job’s own limit; store: the database is slow or away; memory: the bound of the server.', 'cps', [`rate(joblog_pauses_total${on}[$__rate_interval])`, '{{reason}} {{instance}}']),
    graph('Refused connections', 'By reason. proof: a wrong secret; owner: one job id of two users; version: a shipper too old or too new; full: a cap is reached.', 'cps', [`rate(joblog_refused_connections_total${on}[$__rate_interval])`, '{{reason}} {{instance}}']),
    graph('Slowed jobs', 'Jobs above their limit on throughput.', 'short', [`joblog_throttled_jobs${on}`, '{{instance}}']),
    [row('Process')],
    graph('Heap', 'Heap of the virtual machine in use.', 'bytes', [`sum by (instance) (jvm_memory_used_bytes${onWith('area="heap"')})`, 'used {{instance}}']),
    graph('Memory of the network', 'Held by the allocator, and in use by buffers. What is in use must come back to about 0 when nothing is sent.', 'bytes',
      [`joblog_direct_memory_used_bytes${on}`, 'held {{instance}}'],
      [`joblog_direct_memory_pinned_bytes${on}`, 'in use {{instance}}']),
    graph('Processor', 'Share of the machine that the server uses.', 'percentunit', [`process_cpu_usage${on}`, '{{instance}}']),
    graph('Pauses of the collector', 'Share of time in which the virtual machine stood still.', 'percentunit', [`rate(jvm_gc_pause_seconds_sum${on}[$__rate_interval])`, '{{action}} {{cause}} {{instance}}']),
  ],
});
