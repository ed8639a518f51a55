import { mkdir, readdir } from "node:fs/promises";
import { cleanTempBundles } from "../pipeline/evidence/temp-bundles.ts";
import { listEnabledCameraIds } from "../store/camera-read-model.ts";
import { listPendingDeliveries } from "../store/warning-read-model.ts";
import type { WorkerContext } from "./context.ts";
import type { WorkerRole } from "./registry.ts";

const NOTICES_AT_ONCE = 1_000;

/** Redis may have been lost: everything that ought to be queued is queued again from Postgres and the spool. */
export async function rearm(context: WorkerContext, roles: readonly WorkerRole[]): Promise<void> {
  if (roles.includes("camera")) {
    for (const cameraId of await listEnabledCameraIds(context.pool))
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
    const pending = await listPendingDeliveries(context.pool, NOTICES_AT_ONCE);
    for (const { deliveryId } of pending) await context.producer.sendNotice(deliveryId);
  }
}
