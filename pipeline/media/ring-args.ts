import { join } from "node:path";
import { z } from "zod";

const SEGMENT_SEC = 4;
const lineSchema = z.tuple([z.string().regex(/^ring-\d+-\d+\.mkv$/), z.coerce.number(), z.coerce.number()]);

/**
 * The second output of a capture: the stream as it came, in Matroska segments that begin with a key frame and
 * keep the time stamps of the frames; the list of closed ones goes to file descriptor 3. Pure.
 */
export function ringArgs(dir: string, run: number): string[] {
  return [
    ...["-map", "0:v:0", "-c", "copy"],
    // Streams with B-frames would be moved by their decoding delay otherwise.
    ...["-avoid_negative_ts", "disabled"],
    ...["-f", "segment", "-segment_format", "matroska"],
    ...["-segment_time", String(SEGMENT_SEC), "-reset_timestamps", "0"],
    ...["-segment_list", "pipe:3", "-segment_list_type", "csv"],
    // A "%" in the folder's name is no placeholder.
    join(dir.replaceAll("%", "%%"), `ring-${run}-%06d.mkv`),
  ];
}

/** One line of the segment list: `name,start,end`, seconds since the stream's start. @throws ZodError */
export function parseSegmentLine(line: string): { name: string; startSec: number; endSec: number } {
  const [name, startSec, endSec] = lineSchema.parse(line.split(","));
  return { name, startSec, endSec };
}
