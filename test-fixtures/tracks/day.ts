import type { Box, Detection, FrameTime } from "../../pipeline/domain/types.ts";
import { jittered, seeded } from "./scene.ts";

/** What a camera's day is like, in seconds from its beginning. Everything is seeded. */
export interface DayPlan {
  readonly seed: number;
  readonly startMs: number;
  /** Seconds between two frames. */
  readonly stepSec: number;
  readonly sec: number;
  /** Darkness falls and lifts within an hour each. */
  readonly night: readonly [from: number, to: number];
  /** What stands: never seen again once it is not. */
  readonly parked: readonly Parked[];
  /** Where buses stop in front, covering what stands behind them. */
  readonly busStop: Box;
}

export interface Parked {
  readonly name: string;
  readonly box: Box;
  readonly from: number;
  readonly to: number;
  /** Score in daylight. */
  readonly score: number;
}

export interface DayFrame {
  readonly at: FrameTime;
  readonly sec: number;
  readonly detections: readonly Detection[];
  /** The stream broke off before this frame: its own clock begins at 0 again, the wall's goes on. */
  readonly reconnected: boolean;
  /** A worker took over before this frame. */
  readonly passedOn: boolean;
}

const HOUR = 3_600;
/** Share of its daylight score that is left of a car at night, and in the patches in which nothing is left. */
const DARK = 0.35;
const PITCH_DARK = 0.08;
const COVERED_FROM = 0.35;
/** What a detector reports at all. */
const LOWEST_SCORE = 0.1;

/** What is seen at a second besides buses and lamps; nothing of what `cover` hides. */
export type Street = (sec: number, cover: Box | null, random: () => number) => readonly Detection[];

/** The parked cars of the plan, and traffic on two lanes in front. */
export function madeUpStreet(plan: DayPlan): Street {
  const cars = plan.parked.map((parked, index) => seesParked(plan, parked, index));
  const traffic = [passing(plan, 0.86, 1), passing(plan, 0.92, -1)];
  return (sec, cover, random) => [
    ...cars.flatMap((see) => see(sec, cover, random) ?? []),
    ...traffic.flatMap((see) => see(sec, random) ?? []),
  ];
}

/** A recording over and over again, with the plan's night over it. */
export function filmedStreet(plan: DayPlan, recording: readonly (readonly Detection[])[]): Street {
  const patches = plan.parked.map((_, index) => darkPatches(plan, index));
  return (sec, cover, random) => {
    const seen = recording[Math.round(sec / plan.stepSec) % recording.length] ?? [];
    return seen.flatMap((one) => {
      if (cover !== null && hiddenShare(one.box, cover) > COVERED_FROM) return [];
      const index = plan.parked.findIndex(({ box }) => hiddenShare(one.box, box) > 0.5);
      const share = lightOn(plan, patches[index] ?? [], sec, random);
      return [{ ...one, score: Math.min(1, one.score * share * (0.8 + 0.4 * random())) }];
    });
  };
}

/** The frames of a day, one after the other. */
export function* day(plan: DayPlan, street: Street = madeUpStreet(plan)): Generator<DayFrame> {
  const random = seeded(plan.seed);
  const bus = buses(plan);
  const reloads = [0.2, 0.5, 0.8].map((share) => share * plan.sec);
  let streamFrom = 0;
  let [reconnectAt, passOnAt] = [after(0), after(HOUR / 2)];
  for (let sec = 0; sec < plan.sec; sec += plan.stepSec) {
    const reconnected = sec >= reconnectAt;
    const passedOn = sec >= passOnAt;
    if (reconnected) {
      sec += plan.stepSec * Math.ceil((5 + random() ** 3 * 595) / plan.stepSec);
      streamFrom = sec;
      reconnectAt = after(sec);
    }
    if (passedOn) {
      sec += plan.stepSec * Math.ceil((random() * 30) / plan.stepSec);
      passOnAt = after(sec);
    }
    const inFront = bus(sec, random);
    const seen = [...street(sec, inFront?.box ?? null, random), ...(inFront === null ? [] : [inFront])];
    const model = reloads.filter((reload) => sec >= reload).length;
    yield {
      at: { capturedAt: plan.startMs + sec * 1000, ptsSec: sec - streamFrom },
      sec,
      detections: [...seen, ...glare(plan, sec, random)]
        .map((one) => asSeenBy(model, one))
        .filter(({ score }) => score >= LOWEST_SCORE),
      reconnected,
      passedOn,
    };
  }

  function after(sec: number): number {
    return sec + HOUR * (0.1 + random());
  }
}

/** 1 by day, 0 in the night. */
function daylight({ night: [from, to] }: DayPlan, sec: number): number {
  return Math.min(1, Math.max(0, (from - sec) / HOUR, (sec - to) / HOUR));
}

type See<T> = (sec: number, random: () => number) => T | null;

function seesParked(plan: DayPlan, { box, from, to, score }: Parked, index: number) {
  const patches = darkPatches(plan, index);
  return (sec: number, cover: Box | null, random: () => number): Detection | null => {
    if (sec < from || sec >= to + 10) return null;
    const gone = Math.max(0, sec - to);
    const [x1, y1, x2, y2] = box;
    const here: Box = [x1 + 0.05 * gone, y1, x2 + 0.05 * gone, y2];
    const share = lightOn(plan, patches, sec, random);
    if (random() > 0.6 + 0.35 * share) return null;
    if (cover !== null && hiddenShare(here, cover) > COVERED_FROM) return null;
    return {
      label: random() < 0.15 ? "truck" : "car",
      score: Math.min(0.95, score * share * (0.8 + 0.4 * random())),
      box: jittered(here, random, 0.04 + 0.03 * (1 - daylight(plan, sec))),
    };
  };
}

/** Share of its daylight score that an object has. */
function lightOn(
  plan: DayPlan,
  patches: readonly (readonly [number, number])[],
  sec: number,
  random: () => number,
): number {
  const light = daylight(plan, sec);
  const dark = patches.some(([since, until]) => sec >= since && sec < until) ? PITCH_DARK : DARK;
  // Headlights of a passer-by show what the lamp does not.
  const lit = light === 0 && random() < 0.004 ? 0.9 : 0;
  return Math.max(lit, dark + (1 - dark) * light);
}

/** Parts of the night in which the detector reports nothing at a place, ten minutes to two hours each. */
function darkPatches({ seed, night: [from, to] }: DayPlan, index: number): [number, number][] {
  const random = seeded(seed * 31 + index);
  const patches: [number, number][] = [];
  for (let sec = from; sec < to; ) {
    const since = sec + HOUR * random();
    const until = Math.min(to, since + HOUR * (1 / 6 + (11 / 6) * random()));
    patches.push([since, until]);
    sec = until;
  }
  return patches;
}

/** A bus every twenty minutes or so; it stops for half a minute to ten minutes. */
function buses({ seed, busStop }: DayPlan): See<Detection> {
  const random = seeded(seed + 77);
  let [comes, leaves] = [0, 0];
  return (sec, noise) => {
    while (sec >= leaves) {
      comes = leaves + 600 + 1_200 * random();
      leaves = comes + 30 + 570 * random() ** 2;
    }
    if (sec < comes) return null;
    const [x1, y1, x2, y2] = busStop;
    const drive = 0.06 * (Math.min(0, sec - comes - 8) + Math.max(0, sec - leaves + 8));
    const box: Box = [x1 + drive, y1, x2 + drive, y2];
    if (box[0] > 0.98 || box[2] < 0.02) return null;
    return { label: "bus", score: 0.85, box: jittered(box, noise, 0.02) };
  };
}

function passing({ seed }: DayPlan, ground: number, direction: 1 | -1): See<Detection> {
  const period = 41 + (seed % 13) + 6 * direction;
  return (sec, random) => {
    const x = 0.09 * (sec % period) - 0.3;
    if (x > 1) return null;
    const left = direction > 0 ? x : 0.8 - x;
    return {
      label: "car",
      score: 0.6 * (0.8 + 0.4 * random()),
      box: [left, ground - 0.16, left + 0.2, ground],
    };
  };
}

/** At night lamps are taken for vehicles now and then, anywhere. */
function glare(plan: DayPlan, sec: number, random: () => number): Detection[] {
  if (daylight(plan, sec) > 0 || random() > 0.1) return [];
  const [x, y, size] = [random() * 0.8, 0.4 + random() * 0.4, 0.05 + 0.2 * random()];
  return [{ label: "car", score: 0.15 + 0.4 * random(), box: [x, y, x + size, y + 0.7 * size] }];
}

/** Another version of the model frames a little differently, is less sure, and may know only coarse classes. */
function asSeenBy(model: number, { box: [x1, y1, x2, y2], label, score }: Detection): Detection {
  const [width, height] = [x2 - x1, y2 - y1];
  const grow = [0, 0.05, -0.03, 0.02][model] ?? 0;
  const coarse = model % 2 === 1;
  return {
    box: [x1 - grow * width, y1 - grow * height, x2 + grow * width, y2 + grow * height],
    label: coarse ? "vehicle" : label,
    score: coarse ? 0.9 * score : score,
  };
}

function hiddenShare([x1, y1, x2, y2]: Box, cover: Box): number {
  const width = Math.max(0, Math.min(x2, cover[2]) - Math.max(x1, cover[0]));
  const height = Math.max(0, Math.min(y2, cover[3]) - Math.max(y1, cover[1]));
  return (width * height) / ((x2 - x1) * (y2 - y1));
}
