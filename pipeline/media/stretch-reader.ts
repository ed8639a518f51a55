import type { FrameFormat, Log } from "../domain/ports.ts";
import type { FrameConsumer } from "./frame-delivery.ts";
import { readFrames } from "./frame-reader.ts";
import type { Probe } from "./probe.ts";
import { type Recording, withRecording } from "./recording.ts";

export interface StretchRequest {
  readonly ffmpegPath: string;
  readonly recording: Recording;
  /** On the frames' time line (`ptsSec`). */
  readonly startSec: number;
  readonly endSec: number;
  /** Frames a second, of those there are. */
  readonly fps: number;
  readonly format: FrameFormat;
  readonly probe: Probe;
  readonly maxInFlight: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Decodes a stretch of what was recorded, every frame of it, and hands some a second to `onFrame`. Their `ptsSec` lie
 * on the recording's time line, their `capturedAt` say nothing.
 * @throws NotRecordedError when nothing of it is recorded, and what `readFrames` throws
 */
export async function readStretch(request: StretchRequest, onFrame: FrameConsumer): Promise<void> {
  const { recording, startSec, endSec, ...read } = request;
  await withRecording(recording, startSec, endSec, async (input) => {
    const from = Math.max(startSec, input.offsetSec);
    await readFrames(
      {
        ...read,
        source: { url: input.inputUrl, transport: "tcp", pace: "fast", loop: false },
        watch: "full",
        deblock: true,
        startedAtMs: 0,
        ptsBaseSec: from,
        stretch: { input, startSec: from, endSec },
      },
      onFrame,
    );
  });
}
