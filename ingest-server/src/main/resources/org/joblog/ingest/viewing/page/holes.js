// Where a number was printed that no graph can show, as NaN: there the line has a hole.

/** So many of the newest records are looked through: older holes are bridged. */
export const RECORDS = 2_000;

const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * Rows like those of a graph, with null as their value.
 *
 * @param records as the server gives them
 * @param keys dotted keys that have holes
 * @param x the key that serves as X; null by time
 */
export function holesIn(records, keys, x) {
  return records.flatMap(({ time, record }) => {
    const place = x === null ? { time } : { x: valueAt(record, x) };
    if (x !== null && typeof place.x !== 'number') return [];
    return keys.filter((key) => NOT_FINITE.has(valueAt(record, key))).map((key) => ({ ...place, key, value: null }));
  });
}

/** What stands under a dotted key; names can have dots themselves. */
function valueAt(record, key) {
  if (record === null || typeof record !== 'object') return undefined;
  if (Object.hasOwn(record, key)) return record[key];
  for (let dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
    const name = key.slice(0, dot);
    const found = Object.hasOwn(record, name) ? valueAt(record[name], key.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
