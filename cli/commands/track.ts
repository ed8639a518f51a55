import { readFile, writeFile } from "node:fs/promises";
import { Presets, SingleBar } from "cli-progress";
import type { Command } from "commander";
import { z } from "zod";
import { InvalidInputError, UsageError } from "../../pipeline/domain/errors.ts";
import { formatMotRows, type MotRow, parseMotRows } from "../../pipeline/domain/tracking/mot-challenge.ts";
import { trackSequence } from "../../pipeline/domain/tracking/offline.ts";

const optionsSchema = z.object({
  det: z.string(),
  fps: z.coerce.number().positive().max(1000),
  out: z.string(),
  json: z.boolean().default(false),
});

const EXAMPLES = `
Examples:
  $ forewarn track --det MOT/det.txt --fps 25 --out MOT/result.txt
  $ forewarn track --det det.txt --fps 0.5 --out result.txt --json

The detection file has MOTChallenge columns: frame,id,x,y,width,height,confidence[,-1,-1,-1].
Confidences outside 0-1 are brought there: all equal -> 1; some negative -> logistic function; up to 100 ->
percent; above -> s / (s + median).
The whole file is known beforehand, so first sightings of a track confirmed later are written too, gaps up to
half a second are filled, and boxes are smoothed in both directions. A live camera does none of this.`;

/** `forewarn track`: only the tracker (跟踪), on a MOTChallenge detection file. */
export function registerTrack(program: Command): void {
  program
    .command("track")
    .description("run only the tracker (跟踪) on a MOTChallenge det.txt and write MOTChallenge results")
    .requiredOption("--det <file>", "detections, MOTChallenge det.txt")
    .requiredOption("--fps <number>", "frames a second of the sequence (frameRate in seqinfo.ini)")
    .requiredOption("--out <file>", "where the tracks are written")
    .option("--json", "one JSON summary line on stdout")
    .addHelpText("after", EXAMPLES)
    .action(runTrack);
}

async function runTrack(input: unknown): Promise<void> {
  const parsed = optionsSchema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`);
    throw new UsageError(`track: ${faults.join("; ")}. Give --fps as a number above 0, such as --fps 25.`);
  }
  const { det, fps, out, json } = parsed.data;
  const detections = parseMotRows(await readDetections(det), det);
  const startedAt = process.hrtime.bigint();
  const tracks = trackWithProgress(detections, fps);
  const wallMs = Number((process.hrtime.bigint() - startedAt) / 1_000_000n);
  await writeResults(out, formatMotRows(tracks));
  const summary = {
    type: "summary",
    frames: lastFrame(detections),
    detections: detections.length,
    tracks: new Set(tracks.map((row) => row.id)).size,
    rows: tracks.length,
    wallMs,
    out,
  };
  if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else process.stderr.write(`${summary.tracks} tracks in ${summary.frames} frames written to ${out}\n`);
}

function trackWithProgress(detections: readonly MotRow[], fps: number): MotRow[] {
  if (!process.stderr.isTTY) return trackSequence(detections, { fps });
  const bar = new SingleBar(
    { format: "tracking {bar} {percentage}% | frame {value}/{total}", stream: process.stderr },
    Presets.shades_classic,
  );
  bar.start(lastFrame(detections), 0);
  try {
    return trackSequence(detections, { fps, onFrame: (frame) => bar.update(frame) });
  } finally {
    bar.stop();
  }
}

function lastFrame(rows: readonly MotRow[]): number {
  return rows.reduce((last, row) => Math.max(last, row.frame), 0);
}

async function readDetections(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new InvalidInputError(
      path,
      [{ path: "", message: `cannot be read (${reason(cause)}); check --det` }],
      {
        cause,
      },
    );
  }
}

async function writeResults(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new UsageError(
      `${path} cannot be written (${reason(cause)}): give --out a file in a folder that exists.`,
      { cause },
    );
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}
