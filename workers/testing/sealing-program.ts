/**
 * A worker that seals candidates of recorded footage, one after the other per camera, and stores them; for tests that
 * kill it. What is not decided yet it takes up again, as a camera's watch does after a kill.
 * Argument: `SealingPlan` as JSON.
 */
import { createHash } from "node:crypto";
import { loadConfig } from "../../config/env.ts";
import type { Camera, Candidate, Sighting } from "../../pipeline/domain/types.ts";
import { probe } from "../../pipeline/media/probe.ts";
import { exitOnSignals, Lifecycle } from "../../runtime/lifecycle.ts";
import { createLogger } from "../../runtime/logger.ts";
import { findCameraToWatch } from "../../store/camera-read-model.ts";
import { takeLease } from "../../store/lease-store.ts";
import { findTools } from "../camera/media-tools.ts";
import { Sealer } from "../camera/sealer.ts";
import { createWorkerContext, type WorkerContext } from "../context.ts";
import { keepArmed } from "../keep-armed.ts";
import { startRole } from "../start-role.ts";
import { sealingPlanSchema } from "./sealing-plan.ts";

/** 2026-01-01 12:00:00 +08:00 is the first frame. */
const FOOTAGE_START = Date.UTC(2026, 0, 1, 4, 0, 0);
const STARTED_SEC = 15;
const TRIGGERED_SEC = 45;
const BOX = [0.84, 0.08, 0.94, 0.18] as const;

const lifecycle = new Lifecycle();
const config = loadConfig();
const log = createLogger({ name: "sealing", level: config.logLevel });
exitOnSignals(lifecycle, log);
const plan = sealingPlanSchema.parse(JSON.parse(process.argv[2] ?? ""));
const context = await createWorkerContext(config, log, lifecycle);
await keepArmed(context, ["evidence"], lifecycle);
startRole(context, "evidence", lifecycle);
process.send?.({ type: "working" });
await Promise.all(plan.cameraIds.map((cameraId) => sealAll(context, cameraId)));
log.info("everything is sealed");

async function sealAll({ clock, ...rest }: WorkerContext, cameraId: string): Promise<void> {
  const worker = { ...rest, clock };
  const lease = await takeLease(worker.pool, cameraId, worker.workerId, clock.now());
  const camera = await findCameraToWatch(worker.pool, cameraId);
  if (lease === undefined || camera?.source === undefined) throw new Error(`there is no camera ${cameraId}`);
  const { ffmpegPath, ffprobePath } = findTools(config);
  const facts = await probe(plan.footage, {
    ffprobePath,
    transport: "tcp",
    timeoutMs: 60_000,
    signal: worker.signal,
  });
  const sealer = new Sealer(worker, { camera: { ...camera, source: camera.source }, lease }, ffmpegPath);
  for (let number = 1; number <= plan.perCamera; number += 1)
    await sealer.seal(candidateOf(camera, number), {
      recording: { kind: "file", url: plan.footage },
      probe: facts,
      model: { id: "default", sha256: "ab".repeat(32) },
      signal: worker.signal,
    });
}

/** The camera's candidate of that number: the same again after every kill. */
function candidateOf(camera: Camera, number: number): Candidate {
  const [rule] = camera.rules;
  if (rule === undefined) throw new Error(`camera ${camera.id} has no rule`);
  const at = (ptsSec: number) => ({ capturedAt: FOOTAGE_START + ptsSec * 1000, ptsSec });
  const sighting = (ptsSec: number): Sighting => ({ at: at(ptsSec), box: [...BOX], score: 0.8 });
  const id = createHash("sha256").update(`${camera.id} ${number}`).digest("hex").slice(0, 26);
  return {
    candidateId: `cnd_${id}`,
    cameraId: camera.id,
    ruleId: rule.id,
    zoneId: rule.zone,
    violation: rule.violation,
    trackIds: [`t${number}`],
    label: "car",
    score: 0.8,
    startedAt: at(STARTED_SEC),
    triggeredAt: at(TRIGGERED_SEC),
    endedAt: null,
    dwellMs: (TRIGGERED_SEC - STARTED_SEC) * 1000,
    unobservedMs: 0,
    box: [...BOX],
    ledger: [{ kind: "observed", from: at(STARTED_SEC).capturedAt, to: at(TRIGGERED_SEC).capturedAt }],
    keySightings: {
      first: sighting(STARTED_SEC),
      middle: sighting((STARTED_SEC + TRIGGERED_SEC) / 2),
      trigger: sighting(TRIGGERED_SEC),
    },
    zoneVersion: "z1",
    ruleVersion: "r1",
  };
}
