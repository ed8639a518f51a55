import type { FrameTime } from "../../pipeline/domain/types.ts";
import type { Clock } from "../../runtime/clock.ts";

/** What a watched camera tells about itself; lives in the job, for progress views. */
export interface WatchProgress {
  readonly cameraId: string;
  readonly framesAnalysed: number;
  /** Over the last report interval. */
  readonly analysedFps: number;
  readonly candidates: number;
  /** Time of the last frame by the stream's own clock; seconds from its start. */
  readonly ptsSec: number;
}

const REPORT_EVERY_MS = 1_000;

export class ProgressMeter {
  readonly #cameraId: string;
  readonly #clock: Clock;
  readonly #report: (progress: WatchProgress) => Promise<void>;
  #frames = 0;
  #candidates = 0;
  #ptsSec = 0;
  #since = { at: 0, frames: 0 };
  #reporting: Promise<void> = Promise.resolve();

  constructor(cameraId: string, clock: Clock, report: (progress: WatchProgress) => Promise<void>) {
    this.#cameraId = cameraId;
    this.#clock = clock;
    this.#report = report;
    this.#since = { at: clock.now(), frames: 0 };
  }

  candidate(): void {
    this.#candidates += 1;
  }

  frame(at: FrameTime): void {
    this.#frames += 1;
    this.#ptsSec = at.ptsSec;
    const elapsedMs = this.#clock.now() - this.#since.at;
    if (elapsedMs < REPORT_EVERY_MS) return;
    this.#send(elapsedMs);
  }

  async done(): Promise<void> {
    this.#send(Math.max(1, this.#clock.now() - this.#since.at));
    await this.#reporting;
  }

  #send(elapsedMs: number): void {
    const progress: WatchProgress = {
      cameraId: this.#cameraId,
      framesAnalysed: this.#frames,
      analysedFps: ((this.#frames - this.#since.frames) * 1000) / elapsedMs,
      candidates: this.#candidates,
      ptsSec: this.#ptsSec,
    };
    this.#since = { at: this.#clock.now(), frames: this.#frames };
    this.#reporting = this.#reporting.then(() => this.#report(progress));
  }
}
