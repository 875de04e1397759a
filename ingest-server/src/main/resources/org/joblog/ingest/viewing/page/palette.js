// Colours of lines: told apart with any eyes, on light and dark ground (Paul Tol's bright and muted, adapted to both).

const LIGHT = ['#2f6bb5', '#c8443c', '#1f7a3a', '#8a5a00', '#7b3fa0', '#0b7b83', '#b3327d', '#5a5a5a', '#4c5fd5', '#96621f'];
const DARK = ['#6ea8f0', '#f0837c', '#6cc488', '#d9b04a', '#c193e6', '#4fc6cf', '#f08cc4', '#b5b5b5', '#97a4ff', '#d7a26a'];

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colour of the n-th line, with an opacity from 0 to 1. */
export function colourOf(n, opacity = 1) {
  const colours = dark.matches ? DARK : LIGHT;
  const alpha = Math.round(opacity * 255).toString(16).padStart(2, '0');
  return `${colours[n % colours.length]}${alpha}`;
}

/** Lines whose colours come round again are dashed. */
export function dashOf(n) {
  const round = Math.floor(n / LIGHT.length);
  return round === 0 ? undefined : [4 * round + 2, 4];
}

/** A colour of the style sheet. */
export function themed(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Tells when the ground turns light or dark. */
export function onGround(listener, signal) {
  dark.addEventListener('change', listener, { signal });
}
