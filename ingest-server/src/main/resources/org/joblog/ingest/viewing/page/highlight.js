// Marks what was searched for, without touching the elements: a browser that cannot marks nothing.

const NAME = 'found';

/** Marks every place in the elements where the text stands, in upper or lower case. */
export function mark(elements, text) {
  if (!('highlights' in CSS)) return;
  CSS.highlights.delete(NAME);
  if (text === '') return;
  const wanted = text.toLowerCase();
  const found = new Highlight();
  for (const element of elements) {
    for (const range of rangesIn(element, wanted)) found.add(range);
  }
  CSS.highlights.set(NAME, found);
}

function* rangesIn(element, wanted) {
  const whole = element.textContent.toLowerCase();
  // A letter whose small form is longer would shift all places behind it.
  if (whole.length !== element.textContent.length) return;
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length)) {
    const range = new Range();
    range.setStart(...placeOf(element, at));
    range.setEnd(...placeOf(element, at + wanted.length));
    yield range;
  }
}

/** The text node that holds the place, and the offset in it. */
function placeOf(element, offset) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let rest = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (rest <= node.length) return [node, rest];
    rest -= node.length;
  }
  return [element, element.childNodes.length];
}
