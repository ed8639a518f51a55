import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../pipeline/domain/ports.ts";
import { type Probe, probe } from "../../pipeline/media/probe.ts";
import {
  type BareContext,
  decodeAndScale,
  inferBare,
  readPipe,
  whileDecoding,
  writeRawFrames,
} from "./bare-stages.ts";
import { openBenchModel } from "./bench-model.ts";
import { type BundleCost, measureBundles } from "./bundle-cost.ts";
import { runFast, runLive } from "./cameras-run.ts";
import { type PeerName, peerNames, runPeer } from "./peers.ts";
import { treeUse } from "./process-tree.ts";
import type { BareStage, Measurement } from "./results.ts";
import { measureReviewable, type Reviewable, type ReviewableRequest } from "./reviewable.ts";
import { type TestClip, testClip } from "./test-clip.ts";

const PROBE_TIMEOUT_MS = 20_000;
/** What a stage is called that was measured in the company of several cameras. */
export const BESIDE = "-beside";
/** Of every key frame; one in two seconds comes. */
const KEYFRAME_FPS = 1;
export const FPS = 5;

/** How much is measured. */
export interface BenchPlan {
  readonly clipSec: number;
  readonly rounds: number;
  /** Side by side in the pipeline, beside one alone. */
  readonly cameras: number;
  readonly liveWindowMs: number;
  /** Walls of cameras watched by key frames. */
  readonly walls: readonly number[];
  readonly wallWindowMs: number;
  /** Sealed with and without masking, and checked. */
  readonly bundles: number;
  /** Sealed and stored one after the other, where there are servers. */
  readonly candidates: number;
}

export const fullPlan: BenchPlan = {
  clipSec: 60,
  rounds: 3,
  cameras: 4,
  liveWindowMs: 12_000,
  walls: [8, 16, 32],
  wallWindowMs: 12_000,
  bundles: 3,
  candidates: 10,
};

/** Whether it runs at all, and the order of magnitude. */
export const quickPlan: BenchPlan = {
  clipSec: 4,
  rounds: 1,
  cameras: 2,
  liveWindowMs: 1_000,
  walls: [1, 2],
  wallWindowMs: 1_000,
  bundles: 1,
  candidates: 1,
};

export interface BenchRequest {
  readonly plan: BenchPlan;
  /** Clips and what is made on the way. */
  readonly folder: string;
  readonly footage: string | undefined;
  readonly modelId: string;
  readonly modelsDir: string;
  readonly executionProviders: readonly string[];
  readonly threads: number;
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  /** The environment of a program that is started, with these beyond our own. */
  readonly env: (extra: Record<string, string>) => NodeJS.ProcessEnv;
  /** Undefined: from candidate to incident is not measured. */
  readonly servers: Pick<ReviewableRequest, "databaseUrl" | "redisUrl" | "worker"> | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Before each step. */
  onStep(name: string, done: number, total: number): void;
  onMeasurement(measurement: Measurement): void;
}

export interface BenchEnd {
  readonly clip: TestClip;
  readonly model: { readonly id: string; readonly input: string };
  readonly measurements: readonly Measurement[];
  readonly bundles: readonly BundleCost[];
  readonly reviewable: readonly Reviewable[];
  /** What was left out, and why. */
  readonly skipped: Readonly<Record<string, string>>;
}

interface Step {
  readonly name: string;
  run(round: number): Promise<Omit<Measurement, "round">[]>;
}

/** Measures everything in turn, over and over: what the machine does meanwhile meets all alike. */
export async function runBench(request: BenchRequest): Promise<BenchEnd> {
  const { plan, folder, ffmpegPath } = request;
  await mkdir(folder, { recursive: true });
  request.onStep("making the test clip", 0, 1);
  const clip = await testClip({ ffmpegPath, folder, footage: request.footage, seconds: plan.clipSec });
  const facts = await probe(clip.path, {
    ffprobePath: request.ffprobePath,
    transport: "tcp",
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  const model = await openBenchModel(request);
  const rawFile = join(folder, `frames-${process.pid}.raw`);
  const bare: BareContext = { ffmpegPath, clip: clip.path, probe: facts, model, fps: FPS, rawFile };
  const measurements: Measurement[] = [];
  const skipped: Record<string, string> = {};
  try {
    const frames = await writeRawFrames(bare);
    const cameras = { ffmpegPath, clip: clip.path, probe: facts, model, log: request.log };
    const steps: Step[] = [
      ...bareSteps(bare, frames, 1, ""),
      ...bareSteps(bare, frames, plan.cameras, BESIDE),
      ...pipelineSteps(cameras, plan),
      ...peerNames.map((name) => peerStep(name, request, clip, model.path, skipped)),
      ...wallSteps(cameras, plan),
    ];
    // Code that has not run yet is compiled while it runs; workers run for months.
    request.onStep("warming up", 0, 1);
    await runFast(cameras, 1, FPS);
    for (let round = 1; round <= plan.rounds; round++) {
      for (const [index, step] of steps.entries()) {
        request.signal.throwIfAborted();
        const done = (round - 1) * steps.length + index;
        request.onStep(step.name, done, plan.rounds * steps.length);
        for (const measured of await step.run(round)) {
          const measurement = { ...measured, round };
          measurements.push(measurement);
          request.onMeasurement(measurement);
        }
      }
    }
  } finally {
    await model.close();
    await rm(rawFile, { force: true });
  }
  const bundles = await bundlesOf(request, clip, facts);
  const reviewable = await reviewableOf(request, clip, facts, skipped);
  const { width, height, pixelFormat } = model.format;
  return {
    clip,
    model: { id: model.id, input: `${width}×${height} ${pixelFormat}` },
    measurements,
    bundles,
    reviewable,
    skipped,
  };
}

function bundlesOf(request: BenchRequest, clip: TestClip, probe: Probe): Promise<BundleCost[]> {
  request.onStep("bundles", 0, 1);
  return measureBundles({ ...request, clip: clip.path, probe, bundles: request.plan.bundles });
}

async function reviewableOf(
  { plan, servers, onStep, ...rest }: BenchRequest,
  clip: TestClip,
  facts: Probe,
  skipped: Record<string, string>,
): Promise<Reviewable[]> {
  const name = "candidate to reviewable";
  if (servers === undefined) {
    skipped[name] = "needs FOREWARN_DATABASE_URL and FOREWARN_REDIS_URL, or a running `forewarn up`";
    return [];
  }
  onStep(name, 0, 1);
  const { candidates } = plan;
  return measureReviewable({
    ...rest,
    ...servers,
    clip: clip.path,
    probe: facts,
    candidates,
  });
}

/**
 * Every stage by itself, in the company it has with so many cameras: as many decoders side by side, and all the others
 * at work beside the rest.
 */
function bareSteps(context: BareContext, frames: number, cameras: number, suffix: string): Step[] {
  const beside = <Result>(measure: () => Promise<Result>) => whileDecoding(context, cameras - 1, measure);
  const name = (stage: BareStage) => stage + suffix;
  return [
    {
      name: name("decode"),
      run: async () => [{ name: name("decode"), ...(await decodeAndScale(context, frames, cameras)) }],
    },
    {
      name: name("pipe"),
      run: async () => [{ name: name("pipe"), ...(await beside(() => readPipe(context))) }],
    },
    {
      name: name("inference"),
      run: async () => {
        const { fill, run, postProcess } = await beside(() => inferBare(context, frames));
        return [
          { name: name("fill"), ...fill },
          { name: name("inference"), ...run },
          { name: name("post-processing"), ...postProcess },
        ];
      },
    },
  ];
}

function pipelineSteps(context: Parameters<typeof runFast>[0], plan: BenchPlan): Step[] {
  const live = { fps: FPS, watch: "full", windowMs: plan.liveWindowMs } as const;
  return [1, plan.cameras].flatMap((cameras) => {
    const [fast, paced] = [`pipeline-${cameras}`, `pipeline-${cameras}-live`];
    return [
      { name: fast, run: async () => [{ name: fast, ...(await runFast(context, cameras, FPS)) }] },
      { name: paced, run: async () => [{ name: paced, ...(await runLive(context, { ...live, cameras })) }] },
    ];
  });
}

function peerStep(
  name: PeerName,
  { plan, ffmpegPath, ffprobePath, env }: BenchRequest,
  clip: TestClip,
  model: string,
  skipped: Record<string, string>,
): Step {
  return {
    name,
    run: async () => {
      // What cannot be run once cannot be run the next time either.
      if (skipped[name] !== undefined) return [];
      const answer = await runPeer(name, {
        clip: clip.path,
        model,
        fps: FPS,
        seconds: plan.clipSec,
        // Where fluent-ffmpeg looks.
        env: env({ FFMPEG_PATH: ffmpegPath, FFPROBE_PATH: ffprobePath }),
      });
      if (!("skipped" in answer)) return [{ name, ...answer }];
      skipped[name] = answer.skipped;
      return [];
    },
  };
}

function wallSteps(context: Parameters<typeof runLive>[0], plan: BenchPlan): Step[] {
  const wall = { fps: KEYFRAME_FPS, watch: "keyframes", windowMs: plan.wallWindowMs } as const;
  const idle = async () => {
    const begin = treeUse();
    const begun = performance.now();
    await sleep(plan.liveWindowMs / 4);
    const { cpuMs, rssBytes } = treeUse();
    return { frames: 0, cpuMs: cpuMs - begin.cpuMs, wallMs: performance.now() - begun, rssBytes, cameras: 0 };
  };
  return [0, ...plan.walls].map((cameras) => ({
    name: `keyframes, ${cameras} cameras`,
    run: async () => [
      { name: "keyframes", ...(cameras === 0 ? await idle() : await runLive(context, { ...wall, cameras })) },
    ],
  }));
}
