import { fitLine, growth, median, spread, sum } from "./maths.ts";

/** The stages that have to be done whoever does them. */
export const bareStages = ["decode", "pipe", "fill", "inference", "post-processing"] as const;
export type BareStage = (typeof bareStages)[number];

/** One measurement; a line of `--json`. */
export interface Measurement {
  readonly name: string;
  readonly round: number;
  readonly frames: number;
  readonly cpuMs: number;
  readonly wallMs?: number;
  readonly cameras?: number;
  readonly rssBytes?: number;
}

/** A figure over the rounds. */
export interface Figure {
  readonly median: number;
  /** Largest distance of a round from the median, as a share of it. */
  readonly spread: number;
  readonly rounds: number;
}

export interface Wall {
  /** Medians. CPU in milliseconds a second, of the whole process tree. */
  readonly points: readonly {
    readonly cameras: number;
    readonly cpuMsPerSec: number;
    readonly rssBytes: number;
  }[];
  /** With no camera: the programs and the model. */
  readonly fixed: { readonly cpuMsPerSec: number; readonly rssBytes: number };
  readonly cpuMsPerCameraSec: number;
  readonly camerasPerCore: number;
  readonly rssBytesPerCamera: number;
  /** 1 when the most cameras cost as much each as the fewest. */
  readonly cpuGrowth: number;
  readonly rssGrowth: number;
}

const round = (value: number, digits = 3) => Number(value.toFixed(digits));

/** The median of some values and how far they lie apart. */
export function figure(values: readonly number[]): Figure {
  return { median: round(median(values)), spread: round(spread(values)), rounds: values.length };
}

/** What the measurements of all rounds say together. Rounds are set against themselves: a machine drifts. */
export class Results {
  readonly #all: readonly Measurement[];

  constructor(all: readonly Measurement[]) {
    this.#all = all;
  }

  /** CPU milliseconds per frame; undefined for what was not measured. */
  perFrame(name: string): Figure | undefined {
    const values = this.#named(name).map(({ cpuMs, frames }) => cpuMs / frames);
    return values.length === 0 ? undefined : figure(values);
  }

  /** Sum of the bare stages / pipeline. `suffix`: the stages as they were measured under that name. */
  limitRatio(pipeline: string, suffix = ""): Figure | undefined {
    const ratios = this.#named(pipeline).flatMap(({ round: at, cpuMs, frames }) => {
      const bare = bareStages.map((stage) => this.#costOf(stage + suffix, at));
      return bare.includes(undefined) ? [] : [sum(bare.map((cost) => cost ?? 0)) / (cpuMs / frames)];
    });
    return ratios.length === 0 ? undefined : figure(ratios);
  }

  /** How often a peer's CPU time per frame is ours. */
  timesOurs(peer: string, pipeline: string): Figure | undefined {
    const ratios = this.#named(peer).flatMap(({ round: at, cpuMs, frames }) => {
      const ours = this.#costOf(pipeline, at);
      return ours === undefined ? [] : [cpuMs / frames / ours];
    });
    return ratios.length === 0 ? undefined : figure(ratios);
  }

  /** Cost of a wall of cameras that are watched by key frames. */
  wall(name: string): Wall | undefined {
    const counts = [...new Set(this.#named(name).map(({ cameras }) => cameras ?? 0))].sort((a, b) => a - b);
    const points = counts.map((cameras) => this.#point(name, cameras));
    const [fixed, ...walls] = points;
    const [few, many] = [walls[0], walls.at(-1)];
    if (fixed?.cameras !== 0 || few === undefined || many === undefined || few === many) return undefined;
    const cpu = fitLine(walls.map(({ cameras, cpuMsPerSec }) => [cameras, cpuMsPerSec]));
    const rss = fitLine(walls.map(({ cameras, rssBytes }) => [cameras, rssBytes]));
    const cost = (key: "cpuMsPerSec" | "rssBytes") =>
      round(
        growth(fixed[key], { count: few.cameras, cost: few[key] }, { count: many.cameras, cost: many[key] }),
      );
    return {
      points: walls,
      fixed: { cpuMsPerSec: fixed.cpuMsPerSec, rssBytes: fixed.rssBytes },
      cpuMsPerCameraSec: round(cpu.slope),
      camerasPerCore: round(1000 / cpu.slope, 1),
      rssBytesPerCamera: Math.round(rss.slope),
      cpuGrowth: cost("cpuMsPerSec"),
      rssGrowth: cost("rssBytes"),
    };
  }

  get peakRssBytes(): number {
    return Math.max(0, ...this.#all.map(({ rssBytes }) => rssBytes ?? 0));
  }

  #point(name: string, cameras: number) {
    const these = this.#named(name).filter((one) => one.cameras === cameras);
    return {
      cameras,
      cpuMsPerSec: round(median(these.map(({ cpuMs, wallMs }) => (cpuMs * 1000) / (wallMs ?? Number.NaN)))),
      rssBytes: median(these.map(({ rssBytes }) => rssBytes ?? Number.NaN)),
    };
  }

  #named(name: string): Measurement[] {
    return this.#all.filter((one) => one.name === name);
  }

  #costOf(name: string, at: number): number | undefined {
    const found = this.#named(name).find((one) => one.round === at);
    return found === undefined ? undefined : found.cpuMs / found.frames;
  }
}
