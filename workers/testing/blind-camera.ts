import type pg from "pg";
import { newId } from "../../runtime/ids.ts";
import { recordHealth } from "../../store/camera-health-store.ts";
import { takeLease } from "../../store/lease-store.ts";
import { testDay } from "../../test-fixtures/store-builders.ts";

/** Takes the camera and says that it shows nothing; returns its alarms, one per channel, not yet queued. */
export async function blindCamera(
  pool: pg.Pool,
  cameraId: string,
  channels: readonly string[],
): Promise<string[]> {
  const lease = await takeLease(pool, cameraId, "test", testDay);
  if (lease === undefined) throw new Error(`camera ${cameraId} cannot be taken`);
  const { alarmIds } = await recordHealth(pool, lease, { kind: "blind", at: testDay, channels, newId });
  return alarmIds;
}
