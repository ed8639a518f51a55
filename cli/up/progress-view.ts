import { clearLine, cursorTo, moveCursor } from "node:readline";

/** What one line of the view says about one camera. */
export interface CameraProgress {
  readonly cameraId: string;
  readonly name: string;
  readonly analysedFps: number;
  readonly framesAnalysed: number;
  readonly candidates: number;
  readonly waiting: number;
}

/** One line per camera: redrawn in place on a terminal, otherwise printed now and then. */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  #drawn = 0;
  #lastPrinted = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(cameras: readonly CameraProgress[], now: number): void {
    if (!this.#out.isTTY) {
      if (now - this.#lastPrinted < PRINT_EVERY_MS) return;
      this.#lastPrinted = now;
      for (const camera of cameras) this.#out.write(`${lineOf(camera)}\n`);
      return;
    }
    if (this.#drawn > 0) moveCursor(this.#out, 0, -this.#drawn);
    for (const camera of cameras) {
      cursorTo(this.#out, 0);
      clearLine(this.#out, 0);
      this.#out.write(`${lineOf(camera)}\n`);
    }
    this.#drawn = cameras.length;
  }
}

const PRINT_EVERY_MS = 10_000;

function lineOf(camera: CameraProgress): string {
  return [
    `  ${camera.name}`,
    `${camera.analysedFps.toFixed(1)} fps`,
    `${camera.framesAnalysed} frames`,
    `${camera.candidates} candidates 疑似`,
    `${camera.waiting} waiting for review 待审核`,
  ].join(" · ");
}
