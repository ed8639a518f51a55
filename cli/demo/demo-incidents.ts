import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type pg from "pg";
import { reviewDueAt } from "../../casework/evidence/retention.ts";
import type { LawBook } from "../../casework/law-book.ts";
import { localDate } from "../../casework/local-time.ts";
import type { Config } from "../../config/env.ts";
import { retention } from "../../config/retention.ts";
import type { Log } from "../../pipeline/domain/ports.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import { newId } from "../../runtime/ids.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import type { Act } from "../../store/act.ts";
import { recordBundle } from "../../store/bundle-intake.ts";
import type { ObjectStore } from "../../store/object-store.ts";
import { replayClip } from "../replay-clip.ts";
import { DEMO_REGION } from "./demo-people.ts";

/** The kerb of the sample footage, where a van and a car stand all the time: in this story they sell from them. */
export const demoCamera: Camera = {
  id: "demo-kerb",
  name: "示例路口 · 路边",
  region: DEMO_REGION,
  location: { lat: 30.6419, lon: 104.0432, place: "示例路口东侧人行道" },
  analysis: { model: "default", fps: 1, watch: "full" },
  privacyMasks: [],
  zones: [
    {
      id: "kerb",
      polygon: [
        [0.82, 0.05],
        [1, 0.05],
        [1, 0.2],
        [0.82, 0.2],
      ],
    },
  ],
  rules: [
    {
      id: "kerb-vending",
      violation: "street_vending",
      zone: "kerb",
      labels: ["car", "truck", "bus"],
      minScore: 0.35,
      dwellSeconds: 20,
      stationary: true,
      minCount: 1,
      graceSeconds: 900,
      schedule: [],
      effectiveFrom: "2026-01-01",
    },
  ],
};

export interface IncidentMaker {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly objects: ObjectStore;
  readonly book: LawBook;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Plays the sample footage as if it had been recorded at `startedAtMs` and puts what the pipeline saw on record: real
 * bundles, sealed and stored as a camera's are. Returns the incidents' ids, in order of their triggers.
 */
export async function recordFootage(maker: IncidentMaker, startedAtMs: number): Promise<string[]> {
  const { config, log, signal, objects, pool, book } = maker;
  const out = await mkdtemp(join(tmpdir(), "forewarn-demo-"));
  try {
    const clip = await sampleFootage();
    const { candidates } = await replayClip({
      ...{ clip, out, startedAtMs, config, log, signal },
      camera: demoCamera,
    });
    const incidentIds: string[] = [];
    for (const { bundleDir } of candidates) {
      const candidateId = basename(bundleDir);
      await objects.takeIn(candidateId, bundleDir);
      const act: Act = {
        actor: { kind: "system", name: "demo" },
        scope: "every",
        at: startedAtMs + 120_000,
        newId,
      };
      const { incidentId } = await recordBundle(pool, act, objects, candidateId, (triggeredAt) =>
        reviewDueAt(triggeredAt, {
          period: book.parametersOn(localDate(triggeredAt), []).get("review.max"),
          calendar: book.calendar,
          fallbackDays: retention.reviewDays,
        }),
      );
      incidentIds.push(incidentId);
    }
    return incidentIds;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
