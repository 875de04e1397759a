// What the fragment of the address says: which view, with which choices. Views can be shared and bookmarked.

/** The present route: path as its decoded parts, and the choices as URLSearchParams. */
export function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  return { parts: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // typed by hand, with a % of its own
  }
}

/** An address of a view. `query` is an object; a list stands for a repeated choice; what is empty is left out. */
export function to(parts, query = {}) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== null && one !== undefined && one !== '' && one !== false) words.append(name, one);
    }
  }
  const text = words.toString();
  const path = parts.map((part) => encodeURIComponent(part).replaceAll('%3A', ':')).join('/');
  return `#/${path}${text && `?${text}`}`;
}

/** Keeps choices in the address of the present view, without a new entry in the history. */
export function remember(parts, query) {
  history.replaceState(null, '', to(parts, query));
}

/** Where a job is shown. The key, not the id: a later run must not take its place. */
export function toJob(row, tab = '', query = {}) {
  return to(['job', `key:${row.job_key}`, ...(tab ? [tab] : [])], query);
}
