import { open } from "node:fs/promises";
import type { AppError } from "../domain/errors.ts";
import {
  CorruptVideoError,
  NotAVideoError,
  SourceNotFoundError,
  SourceUnauthorizedError,
  SourceUnreachableError,
} from "./errors.ts";
import { scrubLine } from "./redact-url.ts";
import type { SourceInput } from "./source-input.ts";

/** How files of the usual containers begin: [offset, bytes in hexadecimal]. */
const MAGIC: readonly (readonly [number, string])[] = [
  [4, "66747970"], // ftyp: mp4, mov
  [4, "6d646174"], // mdat: mp4 cut off before its index
  [4, "6d6f6f76"], // moov
  [0, "52494646"], // RIFF: avi
  [0, "1a45dfa3"], // EBML: mkv, webm
  [0, "47494638"], // GIF8
  [0, "464c56"], // FLV
  [0, "000001ba"], // MPEG-PS
];

/** Turns ffprobe's last words into the error that says what to do. */
export async function probeFault(input: SourceInput, name: string, stderr: string): Promise<AppError> {
  const said = scrubLine(stderr.trim().split("\n").at(-1) ?? "", input.secrets);
  const cause = new Error(said === "" ? "ffprobe said nothing" : said);
  // The address may hold any number.
  const why = said.replace(/\S+:\/\/\S+/g, "");
  if (/\b40[13]\b|unauthori[sz]ed|forbidden/i.test(why))
    return new SourceUnauthorizedError(`${name} refuses our credentials: check user and password.`, {
      cause,
    });
  if (/\b404\b|\b454\b|not found|no such file/i.test(why))
    return new SourceNotFoundError(`${name} is not there: check the path.`, { cause });
  if (input.path === undefined)
    return new SourceUnreachableError(`${name} cannot be opened (${said}): is the camera on and reachable?`, {
      cause,
    });
  if (await beginsLikeVideo(input.path))
    return new CorruptVideoError(
      `${name} begins like a video but cannot be read (${said}): get a whole copy of it.`,
      { cause },
    );
  return new NotAVideoError(`${name} is not a video.`, { cause });
}

async function beginsLikeVideo(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(16);
    await file.read(head, 0, head.length, 0);
    return MAGIC.some(
      ([offset, hex]) => head.subarray(offset, offset + hex.length / 2).toString("hex") === hex,
    );
  } finally {
    await file.close();
  }
}
