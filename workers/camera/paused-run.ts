import { newFrameCounts } from "../../pipeline/media/frame-delivery.ts";
import type { WorkerContext } from "../context.ts";
import { CameraReport } from "./camera-report.ts";
import type { HeldCamera } from "./held-camera.ts";

/** One camera that is held and not read, because there is no room for what it would show. */
export class PausedRun {
  readonly #report: CameraReport;
  readonly #context: WorkerContext;
  readonly #onBegin: () => void;

  /** @param onBegin the others should know at once */
  constructor(context: WorkerContext, held: HeldCamera, onBegin: () => void) {
    this.#context = context;
    this.#report = new CameraReport(context, held);
    this.#onBegin = onBegin;
  }

  /** Until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    this.#context.log.warn("the camera is paused: the disk is nearly full");
    this.#onBegin();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    this.#report.close();
  }

  /** Says that the camera sees nothing, and why. */
  beat(): Promise<void> {
    return this.#report.send({
      kind: "disk_full",
      capture: undefined,
      counts: newFrameCounts(),
      session: undefined,
      clock: undefined,
      ring: undefined,
    });
  }
}
