import { boxHeight, boxWidth, centre } from "../box.ts";
import type { Box } from "../types.ts";

/**
 * Kalman filter of one box in wall-clock seconds. Four independent axes: centre x and y, and the logarithms of
 * width and height (so sizes stay positive and everything is the same in pixels and in 0–1 pictures).
 * The motion model is an integrated Ornstein–Uhlenbeck process: the velocity forgets itself with a time
 * constant, so a prediction comes to rest instead of sailing off, at any sampling rate and over any gap.
 */

/** Seconds after which a velocity nobody confirmed has fallen to 37 %. */
const VELOCITY_MEMORY_SEC = 2;
/** Typical speed, in box sizes (√area) a second: a walker makes about 1.4, a car in town 3–4. */
const TYPICAL_SPEED = 2;
/** Typical growth, in logarithm a second. */
const TYPICAL_GROWTH = 0.4;
/** Jitter of a detector's box, in box sizes and in logarithm. */
const POSITION_JITTER = 0.08;
const SIZE_JITTER = 0.1;

interface Axis {
  readonly x: number;
  readonly v: number;
  readonly pxx: number;
  readonly pxv: number;
  readonly pvv: number;
}

export interface BoxState {
  readonly cx: Axis;
  readonly cy: Axis;
  readonly logWidth: Axis;
  readonly logHeight: Axis;
}

export function startState(box: Box): BoxState {
  const [x, y] = centre(box);
  const size = Math.sqrt(boxWidth(box) * boxHeight(box));
  const start = (at: number, jitter: number, speed: number): Axis => ({
    x: at,
    v: 0,
    pxx: jitter ** 2,
    pxv: 0,
    pvv: speed ** 2,
  });
  return {
    cx: start(x, POSITION_JITTER * size, TYPICAL_SPEED * size),
    cy: start(y, POSITION_JITTER * size, TYPICAL_SPEED * size),
    logWidth: start(Math.log(boxWidth(box)), SIZE_JITTER, TYPICAL_GROWTH),
    logHeight: start(Math.log(boxHeight(box)), SIZE_JITTER, TYPICAL_GROWTH),
  };
}

/** The state `dtSec` later; a negative or zero step changes nothing. */
export function predict(state: BoxState, dtSec: number): BoxState {
  if (!(dtSec > 0)) return state;
  const speed = TYPICAL_SPEED * sizeOf(state);
  return {
    cx: predictAxis(state.cx, dtSec, speed),
    cy: predictAxis(state.cy, dtSec, speed),
    logWidth: predictAxis(state.logWidth, dtSec, TYPICAL_GROWTH),
    logHeight: predictAxis(state.logHeight, dtSec, TYPICAL_GROWTH),
  };
}

/** The state after a measured box at the state's own time. */
export function correct(state: BoxState, measured: Box): BoxState {
  const [x, y] = centre(measured);
  const jitter = (POSITION_JITTER * sizeOf(state)) ** 2;
  return {
    cx: correctAxis(state.cx, x, jitter),
    cy: correctAxis(state.cy, y, jitter),
    logWidth: correctAxis(state.logWidth, Math.log(boxWidth(measured)), SIZE_JITTER ** 2),
    logHeight: correctAxis(state.logHeight, Math.log(boxHeight(measured)), SIZE_JITTER ** 2),
  };
}

export function stateBox(state: BoxState): Box {
  const halfWidth = Math.exp(state.logWidth.x) / 2;
  const halfHeight = Math.exp(state.logHeight.x) / 2;
  const { x } = state.cx;
  const { x: y } = state.cy;
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

/** Geometric mean of width and height. */
function sizeOf(state: BoxState): number {
  return Math.exp((state.logWidth.x + state.logHeight.x) / 2);
}

function predictAxis(axis: Axis, dt: number, speed: number): Axis {
  const tau = VELOCITY_MEMORY_SEC;
  const keep = Math.exp(-dt / tau);
  const reach = tau * (1 - keep);
  const noise = speed ** 2;
  return {
    x: axis.x + reach * axis.v,
    v: keep * axis.v,
    pxx:
      axis.pxx +
      2 * reach * axis.pxv +
      reach ** 2 * axis.pvv +
      noise * tau ** 2 * Math.max(0, (2 * dt) / tau - 3 + 4 * keep - keep ** 2),
    pxv: keep * (axis.pxv + reach * axis.pvv) + noise * tau * (1 - keep) ** 2,
    pvv: keep ** 2 * axis.pvv + noise * (1 - keep ** 2),
  };
}

function correctAxis(axis: Axis, measured: number, variance: number): Axis {
  const gainX = axis.pxx / (axis.pxx + variance);
  const gainV = axis.pxv / (axis.pxx + variance);
  const surprise = measured - axis.x;
  return {
    x: axis.x + gainX * surprise,
    v: axis.v + gainV * surprise,
    pxx: (1 - gainX) * axis.pxx,
    pxv: (1 - gainX) * axis.pxv,
    pvv: axis.pvv - gainV * axis.pxv,
  };
}

/**
 * The states of a whole track, each in the light of what came after it (Rauch, Tung and Striebel 1965).
 * @param filtered states after `correct` (or `predict` alone where nothing was seen), in order of time
 * @param dtsSec step before each of them; the first is not used
 */
export function smooth(filtered: readonly BoxState[], dtsSec: readonly number[]): BoxState[] {
  const smoothed: BoxState[] = [];
  for (let index = filtered.length - 1; index >= 0; index--) {
    const own = filtered[index];
    const later = smoothed[0];
    const dt = dtsSec[index + 1] ?? 0;
    if (own === undefined) continue;
    smoothed.unshift(later === undefined ? own : smoothState(own, predict(own, dt), later, dt));
  }
  return smoothed;
}

function smoothState(own: BoxState, predicted: BoxState, later: BoxState, dt: number): BoxState {
  return {
    cx: smoothAxis(own.cx, predicted.cx, later.cx, dt),
    cy: smoothAxis(own.cy, predicted.cy, later.cy, dt),
    logWidth: smoothAxis(own.logWidth, predicted.logWidth, later.logWidth, dt),
    logHeight: smoothAxis(own.logHeight, predicted.logHeight, later.logHeight, dt),
  };
}

function smoothAxis(own: Axis, predicted: Axis, later: Axis, dt: number): Axis {
  const determinant = predicted.pxx * predicted.pvv - predicted.pxv ** 2;
  if (!(dt > 0) || !(determinant > 0)) return own;
  const keep = Math.exp(-dt / VELOCITY_MEMORY_SEC);
  const reach = VELOCITY_MEMORY_SEC * (1 - keep);
  // C = P Fᵀ P⁻¹ with F = [[1, reach], [0, keep]], applied to what the later state adds to the prediction.
  const dx = later.x - predicted.x;
  const dv = later.v - predicted.v;
  const ux = (predicted.pvv * dx - predicted.pxv * dv) / determinant;
  const uv = (predicted.pxx * dv - predicted.pxv * dx) / determinant;
  return {
    ...own,
    x: own.x + (own.pxx + reach * own.pxv) * ux + keep * own.pxv * uv,
    v: own.v + (own.pxv + reach * own.pvv) * ux + keep * own.pvv * uv,
  };
}
