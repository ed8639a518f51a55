import { provisionIdsOf, violationOf } from "../../config/legal-basis.ts";
import type { Log } from "../../pipeline/domain/ports.ts";
import type { Camera, Candidate, FrameTime } from "../../pipeline/domain/types.ts";
import type { WrittenBundle } from "../../pipeline/evidence/bundle-writer.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import { type SealingDesk, sealCandidate } from "../../pipeline/sealing.ts";
import { softwareName, softwareVersion } from "../../runtime/version.ts";

/** Every candidate of the benchmark is of this time. */
export const NOT_BEFORE = Date.parse("2026-01-01T04:00:00Z");

/** What a candidate is sealed from. */
export interface ClipFacts {
  readonly ffmpegPath: string;
  readonly clip: string;
  readonly probe: Probe;
  readonly log: Log;
}

/** A car that has stood in the middle of the clip. */
export function candidateOf(camera: Camera, number: number, durationSec: number): Candidate {
  const at = (part: number): FrameTime => ({
    capturedAt: NOT_BEFORE + Math.round(part * durationSec * 1000),
    ptsSec: part * durationSec,
  });
  const box = [0.4, 0.5, 0.6, 0.8] as const;
  const [startedAt, middle, triggeredAt] = [at(0.2), at(0.4), at(0.6)];
  const { id: ruleId = "", zone: zoneId = "", violation = "" } = camera.rules[0] ?? {};
  const seen = (when: FrameTime) => ({ at: when, box, score: 0.8 });
  return {
    candidateId: `cnd_${number.toString(16).padStart(26, "0")}`,
    cameraId: camera.id,
    ruleId,
    zoneId,
    violation,
    trackIds: ["t1"],
    label: "car",
    score: 0.8,
    startedAt,
    triggeredAt,
    endedAt: null,
    dwellMs: triggeredAt.capturedAt - startedAt.capturedAt,
    unobservedMs: 0,
    box,
    ledger: [{ kind: "observed", from: startedAt.capturedAt, to: triggeredAt.capturedAt }],
    keySightings: { first: seen(startedAt), middle: seen(middle), trigger: seen(triggeredAt) },
    zoneVersion: "bench",
    ruleVersion: "bench",
  };
}

/** As a worker seals it. */
export function sealFromClip(
  { ffmpegPath, clip, probe, log }: ClipFacts,
  desk: SealingDesk,
  camera: Camera,
  candidate: Candidate,
): Promise<WrittenBundle> {
  return sealCandidate({
    desk,
    candidate,
    camera,
    probe,
    recording: { kind: "file", url: clip },
    ffmpegPath,
    model: { id: "bench", sha256: "0".repeat(64) },
    software: { name: softwareName, version: softwareVersion },
    clock: { source: "clip_start", offsetMs: null, uncertaintyMs: null },
    legalBasisIds: provisionIdsOf(violationOf(candidate.violation)),
    createdAt: Date.now(),
    signal: new AbortController().signal,
    log,
  });
}
