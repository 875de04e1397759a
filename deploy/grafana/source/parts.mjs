// The parts of which the dashboards are made. Each function returns what Grafana's JSON wants.
import { readFileSync } from 'node:fs';

export const POSTGRES = 'grafana-postgresql-datasource';

/** Reads a file of statements, each under a line "-- name: NAME"; comments go, they are for readers. */
export function statements(file) {
  const found = {};
  for (const part of readFileSync(new URL(file, import.meta.url), 'utf8').split(/^-- name: /m).slice(1)) {
    const end = part.indexOf('\n');
    found[part.slice(0, end).trim()] = part.slice(end).replace(/^\s*--.*\n/gm, '').trim();
  }
  return found;
}

const source = (type) => ({ type, uid: '${datasource}' });

/** Which of the installed data sources of a type the dashboard asks. */
export const dataSourceVariable = (type) => ({
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: type,
  refresh: 1,
  regex: '',
  hide: 0,
  includeAll: false,
  multi: false,
});

/** A choice that SQL offers. "refresh": 1 when the dashboard is loaded, 2 also when the time moves. */
export const queryVariable = (name, label, description, sql, options = {}) => ({
  name,
  label,
  description,
  type: 'query',
  datasource: source(POSTGRES),
  query: sql,
  definition: sql,
  refresh: 2,
  sort: 0,
  hide: 0,
  includeAll: false,
  multi: false,
  allowCustomValue: true,
  ...options,
});

/** A choice among fixed values: [[text, value], ...]; the first is the default. */
export const customVariable = (name, label, description, choices, options = {}) => {
  const multi = options.multi ?? false;
  const [text, value] = choices[0];
  return {
    name,
    label,
    description,
    type: 'custom',
    query: choices.map(([t, v]) => (t === v ? v : `${t} : ${v}`)).join(','),
    options: choices.map(([t, v], i) => ({ text: t, value: v, selected: i === 0 })),
    current: multi ? { text: [text], value: [value] } : { text, value },
    hide: 0,
    includeAll: false,
    multi,
    allowCustomValue: false,
    ...options,
  };
};

export const textVariable = (name, label, description) => ({
  name,
  label,
  description,
  type: 'textbox',
  query: '',
  current: { text: '', value: '' },
  options: [{ text: '', value: '', selected: true }],
  hide: 0,
});

const sqlTarget = (sql, format) => ({
  refId: 'A',
  datasource: source(POSTGRES),
  editorMode: 'code',
  format,
  rawQuery: true,
  rawSql: sql,
});

/** A panel on SQL. "empty" is what it says when there is nothing. */
function sqlPanel(type, title, description, empty, sql, format, rest) {
  return {
    type,
    title,
    description,
    datasource: source(POSTGRES),
    targets: [sqlTarget(sql, format)],
    fieldConfig: { defaults: { noValue: empty }, overrides: [] },
    ...rest,
  };
}

/** How one column of a table looks. */
export const column = (name, properties) => ({
  matcher: { id: 'byName', options: name },
  properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
});

/** A column that only links need. */
export const hiddenColumn = (name) => column(name, { 'custom.hideFrom.viz': true });

/** Words in colours: {running: 'blue', ...}. */
export const colouredColumn = (name, colours, width) =>
  column(name, {
    'custom.cellOptions': { type: 'color-text' },
    'custom.width': width,
    mappings: [
      {
        type: 'value',
        options: Object.fromEntries(Object.entries(colours).map(([value, color], index) => [value, { color, index }])),
      },
    ],
  });

export function table(title, description, empty, sql, overrides, rest = {}) {
  return sqlPanel('table', title, description, empty, sql, 'table', {
    fieldConfig: {
      defaults: { noValue: empty, custom: { align: 'auto', filterable: true, cellOptions: { type: 'auto' } } },
      overrides,
    },
    options: { showHeader: true, cellHeight: 'sm', sortBy: [] },
    ...rest,
  });
}

export function logs(title, description, empty, sql) {
  return sqlPanel('logs', title, description, empty, sql, 'table', {
    options: {
      showTime: true,
      showLabels: false,
      showCommonLabels: false,
      wrapLogMessage: true,
      prettifyLogMessage: false,
      enableLogDetails: true,
      dedupStrategy: 'none',
      // The newest line is at the bottom, and the panel follows it until somebody scrolls up.
      sortOrder: 'Ascending',
      showControls: true,
      enableInfiniteScrolling: false,
      fontSize: 'small',
      detailsMode: 'inline',
      syntaxHighlighting: false,
    },
  });
}

/** A legend in which a click shows one series alone, and Ctrl+click turns single ones on and off. */
const legend = { showLegend: true, displayMode: 'table', placement: 'right', calcs: ['lastNotNull', 'min', 'max'], sortBy: 'Name', sortDesc: false };
const smallLegend = { showLegend: false, displayMode: 'list', placement: 'bottom', calcs: [] };

/** What was printed, thin and pale, beneath a curve that is smoothed: the queries call it "KEY (raw)" and a character of no width. */
const RAW = {
  matcher: { id: 'byRegexp', options: '/ \\(raw\\)\\u200b$/' },
  properties: [
    { id: 'color', value: { mode: 'fixed', fixedColor: 'rgba(128, 128, 128, 0.4)' } },
    { id: 'custom.lineWidth', value: 1 },
    { id: 'custom.showPoints', value: 'never' },
    { id: 'custom.hideFrom', value: { legend: true, tooltip: true, viz: false } },
  ],
};

const lines = (empty, scale, unit = 'short') => ({
  defaults: {
    noValue: empty,
    unit,
    // A key keeps its colour when others come and go.
    color: { mode: 'palette-classic-by-name' },
    custom: {
      drawStyle: 'line',
      lineWidth: 2,
      showPoints: 'auto',
      pointSize: 4,
      // Keys of different records lie at different places: connected, never interpolated.
      spanNulls: true,
      fillOpacity: 0,
      scaleDistribution: scale,
    },
  },
  overrides: [],
});
export const LINEAR = { type: 'linear' };
export const LOGARITHMIC = { type: 'log', log: 10 };

/** Grafana takes a moment and a window around it for a range of time; all that is chosen stays chosen. */
const AROUND = {
  title: 'Log around this moment, two minutes',
  url: '/d/joblog-job-details/job-details?${__all_variables}&time=${__value.time}&time.window=120000',
};

export function byTime(title, description, empty, sql, scale = LINEAR) {
  const { defaults } = lines(empty, scale);
  return sqlPanel('timeseries', title, description, empty, sql, 'time_series', {
    fieldConfig: { defaults: { ...defaults, links: [AROUND] }, overrides: [RAW] },
    options: { legend, tooltip: { mode: 'multi', sort: 'none' } },
  });
}

/** Rows of x, key and value become one column for each key; Grafana calls the first one "x\key". */
export function byX(title, description, empty, sql, { scale = LINEAR, small = false } = {}) {
  return sqlPanel('trend', title, description, empty, sql, 'table', {
    fieldConfig: { ...lines(empty, scale), overrides: [RAW] },
    options: { xField: 'x\\key', legend: small ? smallLegend : legend, tooltip: { mode: 'multi', sort: 'none' } },
    transformations: [matrix('x', 'key', 'value')],
  });
}

export const matrix = (rowField, columnField, valueField) => ({
  id: 'groupingToMatrix',
  options: { rowField, columnField, valueField, emptyValue: 'null' },
});

/** Panels on Prometheus: [[expression, name of its series], ...]. */
export function measured(type, title, description, unit, queries, rest = {}) {
  return {
    type,
    title,
    description,
    datasource: source('prometheus'),
    targets: queries.map(([expr, legendFormat], i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: source('prometheus'),
      editorMode: 'code',
      expr,
      legendFormat,
      range: type === 'timeseries',
      instant: type !== 'timeseries',
    })),
    fieldConfig: { ...lines('No data: does Prometheus scrape the server? See docs/grafana.md.', LINEAR, unit), ...rest.fieldConfig },
    options:
      type === 'timeseries'
        ? { legend: { ...legend, placement: 'bottom', displayMode: 'list', calcs: [] }, tooltip: { mode: 'multi', sort: 'desc' } }
        : { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'value', graphMode: 'area' },
  };
}

export const row = (title, panels) => ({ type: 'row', title, collapsed: panels !== undefined, panels: panels ?? [] });

/** Gives panels their places, in lines from left to right: [panel, width, height]. */
export function place(panels) {
  let [x, y, height, id] = [0, 0, 0, 0];
  const put = ([panel, w = 24, h = 1]) => {
    if (x + w > 24) {
      [x, y, height] = [0, y + height, 0];
    }
    const placed = { id: ++id, ...panel, gridPos: { x, y, w, h } };
    [x, height] = [x + w, Math.max(height, h)];
    if (panel.type === 'row' && panel.collapsed) {
      placed.panels = panel.panels.map(put);
      [x, y, height] = [0, placed.gridPos.y + 1, 0];
    }
    return placed;
  };
  return panels.map(put);
}

export function dashboard({ uid, title, description, tags = [], links = [], variables, panels, from, refresh }) {
  return {
    uid,
    title,
    description,
    tags: ['joblog', ...tags],
    schemaVersion: 42,
    editable: false,
    graphTooltip: 1,
    time: { from, to: 'now' },
    timezone: 'browser',
    refresh,
    links,
    annotations: { list: [] },
    templating: { list: variables },
    panels: place(panels),
  };
}

export const link = (title, url, tooltip) => ({
  type: 'link', title, url, tooltip, icon: 'external link', targetBlank: false, keepTime: false, includeVars: false, asDropdown: false, tags: [],
});
