import { mkdir, readdir } from "node:fs/promises";
import { localDate } from "../casework/local-time.ts";
import { cleanTempBundles } from "../pipeline/evidence/temp-bundles.ts";
import { listPendingAlarms } from "../store/camera-health-read-model.ts";
import { listPendingDeliveries } from "../store/delivery-read-model.ts";
import { listCamerasToWatch } from "../store/lease-store.ts";
import { listOpenRechecks } from "../store/recheck-read-model.ts";
import { broadcastAlone } from "./broadcast.ts";
import { clearMemory } from "./camera/clear-memory.ts";
import type { WorkerContext } from "./context.ts";
import type { WorkerRole } from "./registry.ts";

const NOTICES_AT_ONCE = 1_000;
const ALARMS_AT_ONCE = 1_000;
const RECHECKS_AT_ONCE = 1_000;

/**
 * Redis may have been lost: everything that ought to be queued is queued again from Postgres and the spool.
 * What a crash left half done is cleared.
 * @param when at the `start` of a program recordings are played again
 */
export async function rearm(
  context: WorkerContext,
  roles: readonly WorkerRole[],
  when: "start" | "again",
): Promise<void> {
  if (roles.includes("camera")) {
    await clearMemory(context.config.memoryDir);
    for (const cameraId of await listCamerasToWatch(context.pool, { again: when === "again" }))
      await context.producer.watchCamera(cameraId);
  }
  if (roles.includes("evidence")) {
    await mkdir(context.spoolDir, { recursive: true });
    await cleanTempBundles(context.spoolDir);
    for (const name of await readdir(context.spoolDir)) {
      if (name.startsWith("cnd_")) await context.producer.storeEvidence(name);
    }
  }
  if (roles.includes("notice")) {
    await broadcastAlone(context);
    const pending = await listPendingDeliveries(context.pool, NOTICES_AT_ONCE);
    for (const { deliveryId } of pending) await context.producer.sendNotice(deliveryId);
  }
  if (roles.includes("alarm")) {
    const pending = await listPendingAlarms(context.pool, ALARMS_AT_ONCE);
    for (const alarmId of pending) await context.producer.sendAlarm(alarmId);
  }
  if (roles.includes("recheck")) {
    await cleanTempBundles(context.spoolDir);
    for (const { recheckId, nextAt } of await listOpenRechecks(context.pool, RECHECKS_AT_ONCE))
      await context.producer.lookAgain(recheckId, nextAt - context.clock.now());
  }
  if (roles.includes("retention")) await context.producer.applyRetention(localDate(context.clock.now()));
  if (roles.includes("clock")) await context.producer.fireClocks(localDate(context.clock.now()));
  if (roles.includes("checkpoint")) await context.producer.makeCheckpoint();
}
