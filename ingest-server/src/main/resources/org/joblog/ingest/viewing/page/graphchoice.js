// How graphs are drawn: what graphs of a job and comparisons of jobs let people choose.
import { select, tick } from './dom.js';

const SMOOTH = ['0', '3', '5', '10', '25', '50', '100'].map((n) => [n, n === '0' ? 'none' : `${n} points`]);
const CLIP = [['0', 'none'], ['0.01', '1 % at each end'], ['0.02', '2 % at each end'], ['0.05', '5 % at each end'], ['0.1', '10 % at each end']];
const SAME_X = [['last', 'the last'], ['mean', 'their mean'], ['spread', 'all, spread']];

/** Choices as they stand in an address, with what they are unless it says otherwise. */
export function lookIn(query) {
  return {
    log: query.get('log') === '1',
    smooth: query.get('smooth') ?? '0',
    clip: query.get('clip') ?? '0',
    same_x: query.get('same_x') ?? 'last',
  };
}

/** The same for the address: what is as usual is left out. */
export function lookInAddress({ log, smooth, clip, same_x }) {
  return { log: log ? '1' : '', smooth: smooth === '0' ? '' : smooth, clip: clip === '0' ? '' : clip, same_x: same_x === 'last' ? '' : same_x };
}

/** Controls for the choices. `choose` is given what changed. */
export function lookControls(look, byTime, choose) {
  return [
    tick('Log scale', look.log, (log) => choose({ log }), 'What is not above zero is left out.'),
    select('Smoothing', SMOOTH, look.smooth, (smooth) => choose({ smooth })),
    select('Clip outliers', CLIP, look.clip, (clip) => choose({ clip })),
    byTime ? null : select('Several at one X', SAME_X, look.same_x, (same_x) => choose({ same_x })),
  ];
}

/**
 * Asks for a graph, and if it is smoothed also for the line as it was.
 *
 * @param ask is given the arguments of a request
 * @returns `rows`, and `pale`, the line as it was
 */
export async function smoothed(ask, { smooth, clip }) {
  const [rows, pale] = await Promise.all([ask({ smooth, clip }), smooth === '0' ? [] : ask({ smooth: '0', clip })]);
  return { rows, pale };
}
