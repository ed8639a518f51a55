import { join } from "node:path";
import type { Camera } from "../../pipeline/domain/types.ts";
import { type WrittenBundle, writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { makeInput } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import type { IncidentFactsRecord } from "../../store/incident-facts.ts";
import type { NewIncident } from "../../store/incident-store.ts";
import { makeCamera, makeIncident } from "../../test-fixtures/store-builders.ts";
import type { TestApi } from "./test-api.ts";

export const facts: IncidentFactsRecord = {
  label: "car",
  score: 0.83,
  box: [0.4, 0.5, 0.6, 0.8],
  location: { lat: 30.6419, lon: 104.0668, place: "人民南路二段" },
  zone: {
    id: "pavement",
    polygon: [
      [0.1, 0.5],
      [0.9, 0.5],
      [0.9, 0.95],
    ],
  },
  rule: { id: "pavement-parking", dwellSeconds: 60, graceSeconds: 600 },
  startedAt: "2026-03-10T00:53:20.000Z",
  dwellMs: 60_000,
  unobservedMs: 0,
  ledger: [{ kind: "observed", from: "2026-03-10T00:53:20.000Z", to: "2026-03-10T00:58:20.000Z" }],
  model: { id: "default", sha256: "c".repeat(64) },
  capture: {
    grade: "lead",
    shortfalls: [{ fault: "clock_not_measured", wanted: 1000, found: null }],
  },
  plate: { text: "川A12345", confidence: 0.9 },
};

/** An incident that waits for review, of a camera of its own; nothing of it lies in the object store. */
export async function waitingIncident(
  api: TestApi,
  overrides: Partial<NewIncident> = {},
  camera: Partial<Camera> = {},
): Promise<string> {
  return makeIncident(api.pool, await makeCamera(api.pool, camera), { facts, ...overrides });
}

/** Sealing is the dear part: one bundle serves a whole test file, taken in under as many names as it needs. */
const bundles = new WeakMap<TestApi, Promise<WrittenBundle>>();
let taken = 0;

/** The same with a real sealed bundle in the object store. */
export async function sealedIncident(
  api: TestApi,
  camera: Partial<Camera> = {},
  changes: Partial<NewIncident> = {},
): Promise<{ incidentId: string; candidateId: string; cameraId: string }> {
  const outDir = join(api.context.config.dataDir, "sealed");
  const writing = bundles.get(api) ?? makeInput({ outDir }).then(writeBundle);
  bundles.set(api, writing);
  const { dir, manifest, manifestSha256 } = await writing;
  taken += 1;
  const candidateId = `cnd_${taken.toString(16).padStart(26, "0")}`;
  await api.context.objects.takeIn(candidateId, dir);
  const cameraId = await makeCamera(api.pool, camera);
  const incidentId = await makeIncident(api.pool, cameraId, {
    facts,
    ...changes,
    candidateId,
    manifestSha256,
    bundlePath: candidateId,
    evidence: manifest.files.map(({ path, role, mediaType, sha256, sizeBytes }) => ({
      path,
      role,
      mediaType,
      sha256,
      sizeBytes,
    })),
  });
  return { incidentId, candidateId, cameraId };
}
