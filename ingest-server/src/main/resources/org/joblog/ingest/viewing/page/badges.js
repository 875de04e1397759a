// Words with a colour. The word says all; the colour only helps.
import { h } from './dom.js';

/** What each mode keeps, for people who see no text. */
export const MODES = {
  enabled: 'Every line is kept.',
  metadata: 'In the mode “metadata” only metadata is kept: there is no text to show.',
  disabled: 'In the mode “disabled” nothing is kept but commands to the logger: there is no text to show.',
};

/** The state of a row of jobs; Slurm's own word is its tooltip. */
export function stateBadge(row) {
  return h('span', { class: `badge state-${row.state}`, title: row.slurm_state ? `Slurm: ${row.slurm_state}` : null }, row.state);
}

export function modeBadge(mode) {
  return h('span', { class: `badge mode-${mode}`, title: MODES[mode] }, mode);
}
