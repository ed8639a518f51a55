import { rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { NotRecordedError } from "./errors.ts";
import type { SegmentRing } from "./segment-ring.ts";
import { sourceInput } from "./source-input.ts";

/** Where the undecoded pictures of a source lie. */
export type Recording =
  | { readonly kind: "file"; readonly url: string }
  | { readonly kind: "ring"; readonly ring: SegmentRing };

/** A recording as ffmpeg input. */
export interface RecordingInput {
  /** Everything before `-i`. */
  readonly options: readonly string[];
  readonly inputUrl: string;
  /** What ffmpeg reads from its standard input. */
  readonly stdin?: string;
  /** `ptsSec` of the input's first instant. */
  readonly offsetSec: number;
}

/**
 * Opens what is recorded of a stretch and calls `use` with it; it stays readable until `use` has settled.
 * @throws NotRecordedError when the ring holds nothing of it
 */
export async function withRecording<T>(
  from: Recording,
  startSec: number,
  endSec: number,
  use: (input: RecordingInput) => Promise<T>,
): Promise<T> {
  if (from.kind === "file") {
    const { options, inputUrl, stdin } = sourceInput({ url: from.url, transport: "tcp" });
    return await use({ options, inputUrl, offsetSec: 0, ...(stdin === undefined ? {} : { stdin }) });
  }
  const dir = await from.ring.makeCutFolder();
  try {
    const segments = await from.ring.borrow(startSec, endSec, dir);
    const first = segments[0];
    if (first === undefined)
      throw new NotRecordedError(
        `Nothing is recorded between ${startSec.toFixed(1)} s and ${endSec.toFixed(1)} s of the stream: ` +
          "the capture was interrupted, or the ring is too short for the rule's dwell time.",
      );
    const entries = segments.map((segment, index) => {
      const next = segments[index + 1]?.startSec ?? segment.endSec;
      return `file '${basename(segment.path)}'\nduration ${(next - segment.startSec).toFixed(6)}\n`;
    });
    const list = join(dir, "list.ffconcat");
    await writeFile(list, `ffconcat version 1.0\n${entries.join("")}`);
    return await use({
      options: ["-protocol_whitelist", "file", "-f", "concat"],
      inputUrl: `file:${list}`,
      offsetSec: first.startSec,
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
