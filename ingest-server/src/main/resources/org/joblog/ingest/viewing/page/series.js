// Rows of the server become the columns that are drawn.

/**
 * Rows as one X column and a Y column for each name, in the order in which names first come.
 *
 * @param rows `key`, `value` and the place: `time` or `x`
 * @param atLog whether what is not above zero cannot be drawn
 * @returns `names`, and `columns`: X, then one for each name, where undefined is no point and null a hole
 */
export function columnsOf(rows, atLog) {
  const places = Float64Array.from(new Set(rows.map(placeOf))).sort();
  const index = new Map();
  places.forEach((place, i) => index.set(place, i));
  const byName = new Map();
  for (const row of rows) {
    let column = byName.get(row.key);
    if (column === undefined) byName.set(row.key, (column = new Array(places.length)));
    const i = index.get(placeOf(row));
    column[i] = valueOf(row.value, atLog) ?? column[i] ?? null; // a hole hides no number of the same place
  }
  return { names: [...byName.keys()], columns: [[...places], ...byName.values()] };
}

/** The rows of each name, in the order of the names' first rows. */
export function byName(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row.key)) groups.set(row.key, []);
    groups.get(row.key).push(row);
  }
  return groups;
}

function placeOf(row) {
  return row.time === undefined ? row.x : seconds(row.time);
}

/** A time in seconds, to the microsecond: two records of one millisecond are two points. */
export function seconds(iso) {
  const fraction = /\.(\d+)/.exec(iso);
  const whole = Math.floor(Date.parse(iso) / 1000);
  return fraction ? whole + Number(`0.${fraction[1]}`) : whole;
}

/** What is no number, as NaN, is a hole. */
function valueOf(value, atLog) {
  return typeof value === 'number' && Number.isFinite(value) && !(atLog && value <= 0) ? value : null;
}
