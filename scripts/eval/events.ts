/**
 * Runs the whole pipeline on labelled clips and holds its candidates against the labels:
 *   npx tsx scripts/eval/events.ts [--data ../shared/footage] [--models default,yolox-nano] [--from ../shared/models] [--fps 2]
 * Prints one markdown table per model: event, share of analysed frames in which the detector saw it, found at, missed, extra.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../../config/env.ts";
import { iou } from "../../pipeline/domain/box.ts";
import type { Detector } from "../../pipeline/domain/ports.ts";
import type { Box, Camera, Candidate, Detection } from "../../pipeline/domain/types.ts";
import { ensureModel, pullModel } from "../../pipeline/inference/registry/ensure-model.ts";
import { findModel, loadRegistry } from "../../pipeline/inference/registry/registry.ts";
import { probe } from "../../pipeline/media/probe.ts";
import { openDetector } from "../../pipeline/open-detector.ts";
import { replay } from "../../pipeline/replay.ts";
import { createLogger } from "../../runtime/logger.ts";
import { findTool } from "../../runtime/tools.ts";
import { packageRoot } from "../../runtime/version.ts";
import { type Clip, loadFootage, VEHICLES } from "./footage.ts";

/** What counts as seen, as for the published shares: score and overlap with the labelled box. */
const SEEN = { score: 0.3, iou: 0.4 };
/** A candidate belongs to a labelled object when their boxes overlap so much. */
const MATCH_IOU = 0.3;
const SLACK_SEC = 3;

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/footage" },
    from: { type: "string", default: "../shared/models" },
    models: {
      type: "string",
      default: "default,yolox-nano,nanodet-plus-m-416,picodet-s-416,picodet-s-640,crossroad-0078",
    },
    fps: { type: "string", default: "2" },
    clip: { type: "string" },
  },
});
const config = loadConfig();
const log = createLogger({ name: "events", level: "error" });
const clips = (await loadFootage(values.data)).filter(
  (clip) => values.clip === undefined || clip.file.includes(values.clip),
);
const registry = await loadRegistry(join(packageRoot, "models", "manifest.json"));
const places = { modelsDir: config.modelsDir, packageRoot };
const threads = availableParallelism();
let failures = 0;

for (const modelId of values.models.split(",")) {
  const spec = findModel(registry, modelId);
  await ensureModel(spec, places).catch(() => pullModel(spec, { ...places, from: values.from }));
  const detector = await openDetector({
    ...places,
    modelId,
    executionProviders: config.executionProviders,
    threads,
    log,
  });
  console.log(
    `\n### ${spec.id}\n\n| clip | event | dwell s | seen | found at s | verdict |\n|---|---|--:|--:|--:|---|`,
  );
  for (const clip of clips) await judge(clip, detector);
  await detector.close();
}
console.log(
  `\n${failures === 0 ? "every event as it should be" : `${failures} events not as they should be`}`,
);
process.exitCode = failures === 0 ? 0 : 1;

async function judge(clip: Clip, detector: Detector): Promise<void> {
  const seen: { sec: number; detections: Detection[] }[] = [];
  const watching: Detector = {
    ...detector,
    async detect(frame, minScore) {
      const detections = await detector.detect(frame, minScore);
      const { at } = frame as unknown as { at: { ptsSec: number } };
      seen.push({ sec: at.ptsSec, detections });
      return detections;
    },
  };
  const facts = await probe(clip.path, {
    ffprobePath: findTool("ffprobe", config),
    transport: "tcp",
    timeoutMs: 20_000,
  });
  const camera: Camera = { ...clip.camera, analysis: { ...clip.camera.analysis, fps: Number(values.fps) } };
  const { candidates } = await replay({
    clip: clip.path,
    camera,
    probe: facts,
    detector: watching,
    ffmpegPath: findTool("ffmpeg", config),
    startedAtMs: Date.parse("2026-01-01T12:00:00+08:00"),
    parallel: threads,
    signal: new AbortController().signal,
    log,
    seal: () => Promise.resolve(""),
  });
  const left = new Set(candidates.map(({ candidate }) => candidate));
  for (const parked of clip.parked) {
    const frames = seen.filter(({ sec }) => sec >= parked.startSec && sec <= parked.endSec);
    const hits = frames.filter(({ detections }) => detections.some((found) => sees(found, parked.box)));
    const share = hits.length / Math.max(1, frames.length);
    const own = [...left].filter((candidate) => iou(candidate.box, parked.box) >= MATCH_IOU);
    for (const candidate of own) left.delete(candidate);
    const dueSec = parked.startSec + parked.dwellSec + SLACK_SEC;
    row(clip, parked.what, parked.dwellSec, share, own, verdictOnParked(own, share, dueSec));
  }
  for (const quiet of clip.quiet) {
    const own = [...left].filter(
      (candidate) => quiet.box === null || iou(candidate.box, quiet.box) >= MATCH_IOU,
    );
    for (const candidate of own) left.delete(candidate);
    row(clip, quiet.what, quiet.dwellSec, null, own, own.length === 0 ? "ok: quiet" : "**FIRED**");
  }
  for (const candidate of left) {
    const box = candidate.box.map((value) => value.toFixed(2)).join(" ");
    row(
      clip,
      `${candidate.label} at ${box} in ${candidate.zoneId}, not labelled`,
      candidate.dwellMs / 1000,
      null,
      [candidate],
      "**EXTRA**",
    );
  }
}

function sees(found: Detection, box: Box): boolean {
  return VEHICLES.includes(found.label) && found.score >= SEEN.score && iou(found.box, box) >= SEEN.iou;
}

function verdictOnParked(own: readonly Candidate[], share: number, dueSec: number): string {
  const late = own.some((candidate) => candidate.triggeredAt.ptsSec > dueSec);
  if (own.length === 1 && !late) return "ok";
  if (share < 0.6)
    return own.length > 1
      ? "**DOUBLE**"
      : own.length === 0
        ? "missed (seen too rarely)"
        : "late (seen too rarely)";
  return own.length === 0 ? "**MISSED**" : own.length > 1 ? "**DOUBLE**" : "**LATE**";
}

function row(
  clip: Clip,
  what: string,
  dwellSec: number,
  share: number | null,
  own: readonly Candidate[],
  verdict: string,
): void {
  if (verdict.includes("**")) failures += 1;
  const at = own.map((candidate) => candidate.triggeredAt.ptsSec.toFixed(1)).join(", ");
  const seenShare = share === null ? "" : `${Math.round(share * 100)} %`;
  console.log(`| ${clip.file} | ${what} | ${dwellSec} | ${seenShare} | ${at} | ${verdict} |`);
}
