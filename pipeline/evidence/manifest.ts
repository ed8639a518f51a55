import { z } from "zod";
import type { HealthSpan } from "../domain/health/kinds.ts";
import type { Camera, Candidate, Rule } from "../domain/types.ts";
import { type BundleInput, partsInForce } from "./bundle-input.ts";
import { BundleInputError } from "./errors.ts";
import {
  BUNDLE_SCHEMA,
  type Manifest,
  type ManifestClip,
  type ManifestFile,
  type ManifestFrame,
  type ManifestMasks,
  type ManifestPlate,
  manifestSchema,
  NOT_INCLUDED,
} from "./manifest-schema.ts";
import { proofText } from "./proof-text.ts";
import { isoUtc } from "./time-text.ts";

/** What the writer found out while making the files. */
export interface BundleParts {
  readonly frames: readonly ManifestFrame[];
  readonly clip: ManifestClip;
  readonly files: readonly ManifestFile[];
  readonly capture: Manifest["capture"];
  readonly plate: ManifestPlate | null;
  readonly masks: Pick<ManifestMasks, "copies" | "detectors" | "hidden">;
}

/**
 * The manifest of one bundle: a pure function of its input, so the same input gives the same bytes. Every field is
 * copied by name: what a camera's record holds beyond (its stream's address and password) has no way in.
 */
export function buildManifest(
  input: Omit<BundleInput, "sources" | "outDir" | "scratchDir" | "log">,
  parts: BundleParts,
): Manifest {
  const { candidate, camera } = input;
  const { rule, zone } = partsInForce(input);
  const manifest: Manifest = {
    schema: BUNDLE_SCHEMA,
    bundleId: candidate.candidateId,
    createdAt: isoUtc(input.createdAt),
    sequence: input.chain.sequence,
    previousManifestSha256: input.chain.previousManifestSha256,
    software: { name: input.software.name, version: input.software.version },
    model: { id: input.model.id, sha256: input.model.sha256, minScore: input.model.minScore },
    clock: {
      source: input.clock.source,
      offsetMs: input.clock.offsetMs,
      uncertaintyMs: input.clock.uncertaintyMs,
    },
    camera: cameraFacts(camera),
    zone: {
      id: zone.id,
      name: zone.name ?? null,
      polygon: zone.polygon.map(([x, y]) => [x, y]),
      version: candidate.zoneVersion,
    },
    rule: ruleFacts(rule, candidate.ruleVersion),
    violation: candidate.violation,
    legalBasisIds: [...input.legalBasisIds],
    candidate: candidateFacts(candidate),
    ledger: candidate.ledger.map((span) => ({
      kind: span.kind,
      from: isoUtc(span.from),
      to: isoUtc(span.to),
      durationMs: span.to - span.from,
    })),
    ...(input.gaps === undefined ? {} : { gaps: input.gaps.map(gapFacts) }),
    frames: [...parts.frames],
    clip: parts.clip,
    capture: parts.capture,
    plate: parts.plate,
    masks: {
      ...parts.masks,
      privacy: {
        state: camera.privacyMasks.length > 0 ? "masked_at_capture" : "none",
        polygons: camera.privacyMasks.map((polygon) => polygon.map(([x, y]) => [x, y])),
      },
    },
    proof: proofText(input, rule, zone, parts),
    notIncluded: [...NOT_INCLUDED],
    files: [...parts.files].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  // What we write must be what our own reader takes.
  const checked = manifestSchema.safeParse(manifest);
  if (checked.success) return checked.data;
  throw new BundleInputError(
    `Candidate ${candidate.candidateId} makes no valid manifest:\n${z.prettifyError(checked.error)}`,
    { cause: checked.error },
  );
}

function cameraFacts(camera: Camera): Manifest["camera"] {
  const { lat, lon, place } = camera.location;
  return { id: camera.id, name: camera.name, region: camera.region, location: { lat, lon, place } };
}

function ruleFacts(rule: Rule, version: string): Manifest["rule"] {
  return {
    id: rule.id,
    violation: rule.violation,
    zone: rule.zone,
    labels: [...rule.labels],
    minScore: rule.minScore,
    dwellSeconds: rule.dwellSeconds,
    stationary: rule.stationary,
    minCount: rule.minCount,
    graceSeconds: rule.graceSeconds,
    schedule: rule.schedule.map(({ days, fromMinute, toMinute }) => ({
      days: [...days],
      fromMinute,
      toMinute,
    })),
    effectiveFrom: rule.effectiveFrom ?? null,
    effectiveTo: rule.effectiveTo ?? null,
    version,
  };
}

function candidateFacts(candidate: Candidate): Manifest["candidate"] {
  return {
    id: candidate.candidateId,
    label: candidate.label,
    score: candidate.score,
    box: [...candidate.box],
    trackIds: [...candidate.trackIds],
    startedAt: isoUtc(candidate.startedAt.capturedAt),
    startedPtsSec: candidate.startedAt.ptsSec,
    triggeredAt: isoUtc(candidate.triggeredAt.capturedAt),
    triggeredPtsSec: candidate.triggeredAt.ptsSec,
    endedAt: candidate.endedAt === null ? null : isoUtc(candidate.endedAt.capturedAt),
    endedPtsSec: candidate.endedAt === null ? null : candidate.endedAt.ptsSec,
    dwellMs: candidate.dwellMs,
    unobservedMs: candidate.unobservedMs,
  };
}

function gapFacts({ kind, from, to }: HealthSpan): NonNullable<Manifest["gaps"]>[number] {
  if (kind === "watched") throw new Error("a stretch that was watched is no gap");
  return { kind, from: isoUtc(from), to: isoUtc(to), durationMs: to - from };
}
