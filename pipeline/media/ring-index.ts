import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Log } from "../domain/ports.ts";

/** One closed segment; times on the frames' own time line (`ptsSec`). */
export interface Segment {
  readonly path: string;
  /** Segments of different runs of ffmpeg cannot be joined. */
  readonly run: number;
  readonly startSec: number;
  readonly endSec: number;
  readonly sizeBytes: number;
}

const NAME = "index.json";
const indexSchema = z.array(
  z.strictObject({
    name: z.string().regex(/^ring-\d+-\d+\.mkv$/),
    run: z.int().min(1),
    startSec: z.number(),
    endSec: z.number(),
    sizeBytes: z.number().nonnegative(),
  }),
);

/** What the last process knew of the ring; nothing where it left no index, or a broken one. */
export async function readRingIndex(dir: string, log: Log): Promise<Segment[]> {
  try {
    const entries = indexSchema.parse(JSON.parse(await readFile(join(dir, NAME), "utf8")));
    return entries.map(({ name, ...segment }) => ({ ...segment, path: join(dir, name) }));
  } catch (err) {
    if (!(err instanceof Error && "code" in err && err.code === "ENOENT"))
      log.warn({ err, dir }, "the ring's index cannot be read: what was recorded before is given up");
    return [];
  }
}

/** Whole or not at all: a kill in the middle leaves the index that was there. */
export async function writeRingIndex(dir: string, segments: readonly Segment[]): Promise<void> {
  const entries = segments.map(({ path, ...segment }) => ({ name: path.slice(dir.length + 1), ...segment }));
  const draft = join(dir, `${NAME}.new`);
  await writeFile(draft, JSON.stringify(entries));
  await rename(draft, join(dir, NAME));
}
