import type { Job } from "bullmq";
import type { Payload, QueueName } from "../queue/jobs.ts";
import type { WorkerContext } from "./context.ts";
import { sendAlarm } from "./handlers/alarm.ts";
import { watchCamera } from "./handlers/camera.ts";
import { makeCheckpoint } from "./handlers/checkpoint.ts";
import { fireClocks } from "./handlers/clock.ts";
import { storeEvidence } from "./handlers/evidence.ts";
import { sendNotice } from "./handlers/notice.ts";
import { lookAgainAt } from "./handlers/recheck.ts";
import { deleteOverdueEvidence } from "./handlers/retention.ts";

export type Handler<Name extends QueueName> = (
  context: WorkerContext,
  payload: Payload<Name>,
  job: Job,
  token: string,
) => Promise<void>;

/** One handler per queue; a missing one does not compile. */
export const handlers = {
  cameras: watchCamera,
  evidence: storeEvidence,
  notices: sendNotice,
  alarms: sendAlarm,
  rechecks: lookAgainAt,
  retention: deleteOverdueEvidence,
  clocks: fireClocks,
  checkpoints: makeCheckpoint,
} as const satisfies { [Name in QueueName]: Handler<Name> };

/** What a worker process may be asked to do: `--roles camera,evidence`. */
export const roles = {
  // The camera role takes its jobs by hand, as its capacity allows.
  camera: { queue: "cameras", concurrency: () => 1 },
  evidence: { queue: "evidence", concurrency: () => 2 },
  notice: { queue: "notices", concurrency: () => 8 },
  alarm: { queue: "alarms", concurrency: () => 4 },
  // Each opens a stream and decodes it: two do not disturb the cameras that are watched beside.
  recheck: { queue: "rechecks", concurrency: () => 2 },
  retention: { queue: "retention", concurrency: () => 1 },
  clock: { queue: "clocks", concurrency: () => 1 },
  checkpoint: { queue: "checkpoints", concurrency: () => 1 },
} as const satisfies Record<string, { queue: QueueName; concurrency: () => number }>;

export type WorkerRole = keyof typeof roles;
export const workerRoles = Object.keys(roles) as WorkerRole[];
