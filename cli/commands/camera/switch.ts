import { setCameraEnabled } from "../../../store/camera-store.ts";
import { withTx } from "../../../store/pool.ts";
import { cliAct, withInstallation } from "./installation.ts";
import type { Queued } from "./queue-at-once.ts";

interface JsonOption {
  readonly json?: true;
}

/** `forewarn camera enable` */
export async function enable(cameraId: string, options: JsonOption): Promise<void> {
  await withInstallation(async ({ pool, queue }) => {
    await withTx(pool, (tx) => setCameraEnabled(tx, cliAct(), cameraId, true));
    const queued = await queue(cameraId);
    if (options.json) console.log(JSON.stringify({ type: "camera", cameraId, enabled: true, ...queued }));
    else console.log(`${cameraId} is switched on\n  ${queueText(queued)}`);
  });
}

/** `forewarn camera disable` */
export async function disable(cameraId: string, options: JsonOption): Promise<void> {
  await withInstallation(async ({ pool }) => {
    await withTx(pool, (tx) => setCameraEnabled(tx, cliAct(), cameraId, false));
    if (options.json) console.log(JSON.stringify({ type: "camera", cameraId, enabled: false }));
    else console.log(`${cameraId} is switched off\n  whoever watches it lets go of it within seconds`);
  });
}

/** When a switched-on camera will be watched. */
export function queueText(queued: Queued): string {
  return queued.queued
    ? "queued: a worker takes it up at once"
    : `a worker takes it up within half a minute (${queued.why})`;
}
