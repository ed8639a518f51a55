import { literal, num, record, type ShapeOf } from "../shape.ts";
import type { HealthKind } from "./kinds.ts";

/**
 * How long each fault must show before it counts, and must be gone before it no longer does. All of it lies well
 * under a minute, so that an alarm is out within one; a view that moved comes back on its own only after a while.
 */
const patience = {
  frozen: { enterMs: 15_000, leaveMs: 5_000 },
  blind: { enterMs: 10_000, leaveMs: 10_000 },
  covered: { enterMs: 12_000, leaveMs: 10_000 },
  view_moved: { enterMs: 12_000, leaveMs: 30_000 },
  clock_off: { enterMs: 15_000, leaveMs: 15_000 },
} as const satisfies Partial<Record<HealthKind, { enterMs: number; leaveMs: number }>>;

export type Fault = keyof typeof patience;
/** The worst first: it is the one that is told. */
export const faults = Object.keys(patience) as Fault[];

/** No look stands for more time than this, however long ago the last one was. */
const LONGEST_LOOK_MS = 5_000;

const doubtShape = record({ on: literal("yes", "no"), level: num });
export const healthJudgeShape = record({
  frozen: doubtShape,
  blind: doubtShape,
  covered: doubtShape,
  view_moved: doubtShape,
  clock_off: doubtShape,
});
export type HealthJudgeState = ShapeOf<typeof healthJudgeShape>;

/** `level` 0–1: how far on the way from well (0) to a fault that counts (1). */
interface Doubt {
  on: "yes" | "no";
  level: number;
}

/** Faults with hysteresis: neither one odd picture nor one good one changes anything. */
export class HealthJudge {
  readonly #doubts: Record<Fault, Doubt>;

  constructor(from?: HealthJudgeState) {
    const doubt = (fault: Fault): Doubt => ({ ...(from?.[fault] ?? { on: "no", level: 0 }) });
    this.#doubts = {
      frozen: doubt("frozen"),
      blind: doubt("blind"),
      covered: doubt("covered"),
      view_moved: doubt("view_moved"),
      clock_off: doubt("clock_off"),
    };
  }

  state(): HealthJudgeState {
    return copyOf(this.#doubts);
  }

  /** One look at one fault, `lookMs` after the one before. */
  look(fault: Fault, shows: boolean, lookMs: number): void {
    const doubt = this.#doubts[fault];
    const { enterMs, leaveMs } = patience[fault];
    const ms = Math.min(lookMs, LONGEST_LOOK_MS);
    const step = shows ? ms / (doubt.on === "yes" ? leaveMs : enterMs) : -ms / leaveMs;
    doubt.level = Math.min(1, Math.max(0, doubt.level + step));
    if (doubt.level === 1) doubt.on = "yes";
    if (doubt.level === 0) doubt.on = "no";
  }

  /** A person says that it is no fault. */
  clear(fault: Fault): void {
    this.#doubts[fault] = { on: "no", level: 0 };
  }

  has(fault: Fault): boolean {
    return this.#doubts[fault].on === "yes";
  }

  /** The worst fault that counts. */
  get fault(): Fault | undefined {
    return faults.find((fault) => this.has(fault));
  }
}

function copyOf(doubts: Record<Fault, Doubt>): HealthJudgeState {
  return {
    frozen: { ...doubts.frozen },
    blind: { ...doubts.blind },
    covered: { ...doubts.covered },
    view_moved: { ...doubts.view_moved },
    clock_off: { ...doubts.clock_off },
  };
}
