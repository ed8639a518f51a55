import { cpus, totalmem } from "node:os";
import { softwareVersion } from "../../runtime/version.ts";
import { peerNames, peers } from "./peers.ts";
import { bareStages, type Figure, figure, Results } from "./results.ts";
import { BESIDE, type BenchEnd, FPS } from "./run-bench.ts";
import { CLIP_DESCRIPTION } from "./test-clip.ts";

/** The last line of `--json`. */
export type BenchSummary = ReturnType<typeof summarise>;

/** @param cameras how many ran side by side, beside one alone */
export function summarise(
  { clip, model, measurements, bundles, reviewable, skipped }: BenchEnd,
  cameras: number,
) {
  const results = new Results(measurements);
  const runs = [...new Set([1, cameras])];
  const each = <Value>(make: (name: string) => Value | undefined, suffix = "") =>
    Object.fromEntries(
      runs.flatMap((count) => {
        const value = make(`pipeline-${count}${suffix}`);
        return value === undefined ? [] : [[String(count), value]];
      }),
    );
  return {
    type: "summary" as const,
    version: softwareVersion,
    machine: {
      cpu: cpus()[0]?.model ?? "",
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
    },
    clip: { format: CLIP_DESCRIPTION, content: clip.content, seconds: clip.seconds },
    model,
    analysedFps: FPS,
    /** CPU milliseconds per analysed frame, each stage alone; and in the company of several cameras. */
    stages: Object.fromEntries(bareStages.map((stage) => [stage, results.perFrame(stage)])),
    stagesBeside: Object.fromEntries(bareStages.map((stage) => [stage, results.perFrame(stage + BESIDE)])),
    /** By number of cameras; as fast as the machine goes, and in real time. */
    pipeline: each((name) => results.perFrame(name)),
    pipelineLive: each((name) => results.perFrame(name), "-live"),
    limitRatio: each((name) => results.limitRatio(name)),
    limitRatioLive: each((name) => results.limitRatio(name), "-live"),
    /** How much of the distance is the machine's: several cameras against the stages in such company. */
    limitRatioBeside: results.limitRatio(`pipeline-${cameras}`, BESIDE) ?? null,
    peers: Object.fromEntries(
      peerNames.flatMap((name) => {
        const cost = results.perFrame(name);
        return cost === undefined
          ? []
          : [[name, { what: peers[name].what, cost, timesOurs: results.timesOurs(name, "pipeline-1") }]];
      }),
    ),
    keyframes: results.wall("keyframes") ?? null,
    peakRssBytes: results.peakRssBytes,
    /** CPU milliseconds of one bundle: to seal it, to mask it on top, to check one of 50 MB; and how long the last took. */
    bundle: {
      sealCpuMs: figure(bundles.map(({ sealCpuMs }) => sealCpuMs)),
      maskCpuMs: figure(bundles.map(({ maskCpuMs }) => maskCpuMs)),
      sizeBytes: figure(bundles.map(({ sizeBytes }) => sizeBytes)),
      verifyCpuMs: figure(bundles.map(({ verifyCpuMs }) => verifyCpuMs)),
      verifyWallMs: figure(bundles.map(({ verifyWallMs }) => verifyWallMs)),
    },
    /** Milliseconds from a candidate's trigger until its bundle is sealed, and until people can review it. */
    candidateToSealedMs: latency(reviewable.map(({ sealedMs }) => sealedMs)),
    candidateToReviewableMs: latency(reviewable.map(({ incidentMs }) => incidentMs)),
    skipped,
  };
}

function latency(ms: readonly number[]): Figure | null {
  return ms.length === 0 ? null : figure(ms);
}

/** The summary for people. */
export function summaryText(summary: BenchSummary): string[] {
  const { machine, clip, model, keyframes } = summary;
  const lines = [
    `${machine.cpu}, ${machine.cores} cores · Node ${machine.node} · forewarn ${summary.version}`,
    `${clip.format}, ${clip.content}, ${clip.seconds} s · ${model.id} (${model.input}) at ${summary.analysedFps} frames a second`,
    "",
    "CPU ms per analysed frame (median, ± the round farthest off); stages alone, and beside other cameras",
    ...bareStages.map(
      (stage) =>
        `  ${stage.padEnd(32)} ${figureText(summary.stages[stage], 2)}  ${figureText(summary.stagesBeside[stage], 2)}`,
    ),
    ...rows("pipeline", "saturated", summary.pipeline, 2),
    ...rows("pipeline", "live", summary.pipelineLive, 2),
    ...Object.entries(summary.peers).map(
      ([name, { cost, timesOurs }]) =>
        `  ${name.padEnd(32)} ${figureText(cost, 2)}  ${figureText(timesOurs, 2)} times ours`,
    ),
    "",
    "limitRatio: the bare stages together / the pipeline; 1 is the physical limit",
    ...rows("limit", "saturated", summary.limitRatio, 3),
    ...rows("limit", "live", summary.limitRatioLive, 3),
    `  ${"several, stages beside as many".padEnd(32)} ${figureText(summary.limitRatioBeside ?? undefined, 3)}`,
  ];
  if (keyframes !== null) {
    lines.push(
      "",
      "Watched by key frames, in real time",
      ...keyframes.points.map(
        ({ cameras, cpuMsPerSec, rssBytes }) =>
          `  ${`${cameras} cameras`.padEnd(32)} ${(cpuMsPerSec / 10).toFixed(1).padStart(7)} % of a core  ${megabytes(rssBytes)}`,
      ),
      `  ${"each one more".padEnd(32)} ${keyframes.cpuMsPerCameraSec.toFixed(2).padStart(7)} CPU ms a second → ${keyframes.camerasPerCore} cameras per core, ${megabytes(keyframes.rssBytesPerCamera)}`,
      `  growth per camera, most against fewest: CPU ${keyframes.cpuGrowth}, memory ${keyframes.rssGrowth}`,
    );
  }
  if (summary.candidateToReviewableMs !== null && summary.candidateToSealedMs !== null)
    lines.push(
      "",
      `From a candidate to its sealed bundle ${summary.candidateToSealedMs.median.toFixed(0)} ms, to an incident that can be reviewed ${summary.candidateToReviewableMs.median.toFixed(0)} ms`,
    );
  const { sealCpuMs, maskCpuMs, verifyCpuMs, verifyWallMs, sizeBytes } = summary.bundle;
  lines.push(
    "",
    `One bundle (${megabytes(sizeBytes.median)}): sealed ${sealCpuMs.median.toFixed(0)} CPU ms, masked ${maskCpuMs.median.toFixed(0)} more`,
    `Checking one of 50 MB: ${verifyCpuMs.median.toFixed(0)} CPU ms, ${verifyWallMs.median.toFixed(0)} ms`,
  );
  lines.push("", `Peak memory ${megabytes(summary.peakRssBytes)}`);
  for (const [name, reason] of Object.entries(summary.skipped)) lines.push(`left out: ${name}: ${reason}`);
  return lines;
}

function rows(what: string, how: string, figures: Record<string, Figure>, digits: number): string[] {
  return Object.entries(figures).map(([count, figure]) => {
    const name = `${what}, ${count} ${count === "1" ? "camera" : "cameras"}, ${how}`;
    return `  ${name.padEnd(32)} ${figureText(figure, digits)}`;
  });
}

function figureText(figure: Figure | undefined, digits: number): string {
  if (figure === undefined) return "–";
  return `${figure.median.toFixed(digits).padStart(8)} ± ${(100 * figure.spread).toFixed(0)} %`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}
