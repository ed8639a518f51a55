import type pg from "pg";
import type { EpochMs } from "../casework/local-time.ts";
import { sha256Hex } from "../pipeline/evidence/hash.ts";
import { type Manifest, manifestSchema } from "../pipeline/evidence/manifest-schema.ts";
import type { Act } from "./act.ts";
import { logEvidence } from "./evidence-record.ts";
import type { IncidentFactsRecord } from "./incident-facts.ts";
import { recordIncident } from "./incident-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { type Tx, withTx } from "./pool.ts";

/**
 * Puts a bundle that lies in the object store on record as an incident, with the beginning of its custody in the evidence
 * log. The same bundle again changes nothing.
 */
export async function recordBundle(
  pool: pg.Pool,
  act: Act,
  objects: ObjectStore,
  candidateId: string,
  reviewDueOf: (triggeredAt: EpochMs) => EpochMs,
): Promise<{ incidentId: string; created: boolean; manifest: Manifest }> {
  const bytes = await (await objects.openBundle(candidateId)).read("manifest.json");
  const manifest = manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  const { candidate } = manifest;
  const triggeredAt = Date.parse(candidate.triggeredAt);
  const recorded = await withTx(pool, async (tx) => {
    const incident = await recordIncident(tx, act, {
      candidateId,
      cameraId: manifest.camera.id,
      violation: manifest.violation,
      facts: factsOf(manifest),
      bundlePath: candidateId,
      manifestSha256: sha256Hex(bytes),
      occurredAt: Date.parse(candidate.startedAt),
      triggeredAt,
      endedAt: candidate.endedAt === null ? null : Date.parse(candidate.endedAt),
      reviewDue: reviewDueOf(triggeredAt),
      evidence: manifest.files.map(({ path, role, mediaType, sha256, sizeBytes }) => ({
        path,
        role,
        mediaType,
        sha256,
        sizeBytes,
      })),
    });
    if (incident.created) await logCustody(tx, act, manifest, incident.incidentId);
    return incident;
  });
  return { ...recorded, manifest };
}

/** Where the evidence log begins for a bundle: how it was collected, what its copies hide, where it was put. */
async function logCustody(tx: Tx, act: Act, manifest: Manifest, incidentId: string): Promise<void> {
  const { camera, sequence, capture, masks, clip } = manifest;
  const log = (kind: "collected" | "masked" | "copied", detail: object) =>
    logEvidence(tx, act, incidentId, { kind, why: null, detail });
  await log("collected", { cameraId: camera.id, sequence, grade: capture.grade, clip: clip.encoding });
  await log("masked", { copies: masks.copies, atCapture: masks.privacy.state === "masked_at_capture" });
  await log("copied", { from: "spool", to: "object_store" });
}

function factsOf(manifest: Manifest): IncidentFactsRecord {
  const { candidate, rule } = manifest;
  return {
    label: candidate.label,
    score: candidate.score,
    box: candidate.box,
    location: manifest.camera.location,
    zone: { id: manifest.zone.id, polygon: manifest.zone.polygon },
    rule: { id: rule.id, dwellSeconds: rule.dwellSeconds, graceSeconds: rule.graceSeconds },
    startedAt: candidate.startedAt,
    dwellMs: candidate.dwellMs,
    unobservedMs: candidate.unobservedMs,
    ledger: manifest.ledger.map(({ kind, from, to }) => ({ kind, from, to })),
    model: { id: manifest.model.id, sha256: manifest.model.sha256 },
    capture: { grade: manifest.capture.grade, shortfalls: manifest.capture.shortfalls },
    plate: manifest.plate && { text: manifest.plate.text, confidence: manifest.plate.confidence },
  };
}
