import { type ChildProcess, spawn } from "node:child_process";
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { frameBytes } from "../../pipeline/domain/ports.ts";
import { frameReaderArgs } from "../../pipeline/media/ffmpeg-args.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { sourceInput } from "../../pipeline/media/source-input.ts";
import type { BenchModel } from "./bench-model.ts";
import { BenchStepError } from "./errors.ts";
import { treeUse } from "./process-tree.ts";

/** As the session asks for. */
const LOWEST_SCORE = 0.1;

/** CPU time of one stage over some frames. */
export interface StageCost {
  readonly frames: number;
  readonly cpuMs: number;
}

export interface BareContext {
  readonly ffmpegPath: string;
  readonly clip: string;
  readonly probe: Probe;
  readonly model: BenchModel;
  readonly fps: number;
  /** The clip's frames in the model's format, one behind the other. */
  readonly rawFile: string;
}

/** The arguments of our own capture for this clip: what a worker's ffmpeg does. */
function captureArgs({ clip, probe, model, fps }: BareContext, loop = false): string[] {
  return frameReaderArgs({
    input: sourceInput({ url: clip, transport: "tcp" }),
    probe,
    format: model.format,
    fps,
    keyframesOnly: false,
    deblock: false,
    realTime: false,
    loop,
    ringArgs: [],
  });
}

/** Writes the raw frames that the other stages are measured on. Answers how many. */
export async function writeRawFrames(context: BareContext): Promise<number> {
  const file = await open(context.rawFile, "w");
  try {
    await finish(spawn(context.ffmpegPath, captureArgs(context), { stdio: ["ignore", file.fd, "ignore"] }));
    return Math.floor((await file.stat()).size / frameBytes(context.model.format));
  } finally {
    await file.close();
  }
}

/** Decoding and scaling to the model's format by the arguments of our capture, to nowhere; so many side by side. */
export async function decodeAndScale(
  context: BareContext,
  frames: number,
  copies: number,
): Promise<StageCost> {
  const before = treeUse().cpuMs;
  const decoders = Array.from({ length: copies }, () =>
    finish(spawn(context.ffmpegPath, captureArgs(context), { stdio: "ignore" })),
  );
  await Promise.all(decoders);
  return { frames: frames * copies, cpuMs: treeUse().cpuMs - before };
}

/** Measures while so many decoders run. Only for what counts its own CPU time. */
export async function whileDecoding<Result>(
  context: BareContext,
  count: number,
  measure: () => Promise<Result>,
): Promise<Result> {
  const decoders = Array.from({ length: count }, () =>
    spawn(context.ffmpegPath, captureArgs(context, true), { stdio: "ignore" }),
  );
  try {
    return await measure();
  } finally {
    await Promise.all(decoders.map(endOf));
  }
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null) return resolve();
    child.once("close", () => resolve());
    child.kill("SIGKILL");
  });
}

/** Taking whole frames from a pipe, in exact amounts. What feeds the pipe is not counted. */
export async function readPipe({ rawFile, model }: BareContext): Promise<StageCost> {
  const bytes = frameBytes(model.format);
  const before = ownCpuMs();
  const child = spawn("cat", [rawFile], { stdio: ["ignore", "pipe", "ignore"] });
  const frames = countFrames(child.stdout, bytes);
  await finish(child);
  return { frames: await frames, cpuMs: ownCpuMs() - before };
}

function countFrames(stdout: Readable, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let frames = 0;
    stdout.on("readable", () => {
      while (stdout.read(bytes) !== null) frames += 1;
    });
    stdout.once("end", () => resolve(frames));
    stdout.once("error", reject);
  });
}

/** Filling the tensor, the graph and post-processing, one after the other in this thread. */
export async function inferBare(
  { rawFile, model, probe }: BareContext,
  frames: number,
): Promise<{ readonly fill: StageCost; readonly run: StageCost; readonly postProcess: StageCost }> {
  const file = await open(rawFile, "r");
  const cost = { fill: 0, run: 0, postProcess: 0 };
  const source = { width: probe.width, height: probe.height };
  try {
    for (let index = 0; index < frames; index++) {
      const pixels = await readFrame(file, index, frameBytes(model.format));
      const begun = ownCpuMs();
      model.bare.fill(pixels);
      const filled = ownCpuMs();
      const outputs = await model.bare.run();
      const ran = ownCpuMs();
      model.bare.decode(outputs, source, LOWEST_SCORE);
      cost.postProcess += ownCpuMs() - ran;
      cost.run += ran - filled;
      cost.fill += filled - begun;
    }
  } finally {
    await file.close();
  }
  return {
    fill: { frames, cpuMs: cost.fill },
    run: { frames, cpuMs: cost.run },
    postProcess: { frames, cpuMs: cost.postProcess },
  };
}

async function readFrame(file: FileHandle, index: number, bytes: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(bytes);
  await file.read(pixels, 0, bytes, index * bytes);
  return pixels;
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function finish(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(new BenchStepError(`${child.spawnfile} ended with ${code} while a bare stage was measured.`));
    });
  });
}
