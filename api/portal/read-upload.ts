import sharp from "sharp";
import type { UploadMediaType } from "../../store/portal-upload-store.ts";
import { TooManyAttemptsError } from "../http/errors.ts";
import { PortalError } from "./portal-error.ts";

const SIGNATURES: readonly (readonly [UploadMediaType, (bytes: Buffer) => boolean])[] = [
  ["image/jpeg", (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ["image/png", (bytes) => bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"))],
  ["application/pdf", (bytes) => bytes.subarray(0, 5).toString("latin1") === "%PDF-"],
  ["video/mp4", (bytes) => bytes.subarray(4, 8).toString("latin1") === "ftyp"],
];

/** What a file is by its first bytes, whatever it is called. Throws `PortalError` 415 for anything else. */
export function mediaTypeOf(bytes: Buffer): UploadMediaType {
  const found = SIGNATURES.find(([, fits]) => fits(bytes));
  if (found !== undefined) return found[0];
  throw new PortalError(
    415,
    "portal.upload_type",
    "Only JPEG, PNG, PDF and MP4 files are taken 只接收 JPEG、PNG、PDF、MP4 文件",
  );
}

/** A picture larger than this is a trap, not a photo: it fits in few bytes, and takes four a pixel to open. */
const MOST_PIXELS = 25_000_000;
const MOST_SEC = 10;
/** Pictures are opened one after the other; who would wait behind more than these comes again later. */
const MOST_WAITING = 8;
const RETRY_AFTER_SEC = 5;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (waiting >= MOST_WAITING)
    throw new TooManyAttemptsError("Busy; try again in a moment 系统繁忙，请稍后再试", RETRY_AFTER_SEC);
  waiting += 1;
  const turn = last.then(work, work);
  last = turn;
  try {
    return await turn;
  } finally {
    waiting -= 1;
  }
}

/**
 * A picture written anew as JPEG: what was hidden in it is gone, and so is where it was taken. Null for what is no picture.
 * Throws `PortalError` 422 for a broken one or a trap, `TooManyAttemptsError` while too many wait.
 */
export async function cleanCopy(bytes: Buffer, mediaType: UploadMediaType): Promise<Buffer | null> {
  if (mediaType !== "image/jpeg" && mediaType !== "image/png") return null;
  try {
    return await inTurn(() =>
      sharp(bytes, { limitInputPixels: MOST_PIXELS, sequentialRead: true, failOn: "error" })
        .timeout({ seconds: MOST_SEC })
        .rotate()
        .flatten({ background: "#ffffff" })
        .jpeg({ quality: 90 })
        .toBuffer(),
    );
  } catch (error) {
    if (error instanceof TooManyAttemptsError) throw error;
    throw new PortalError(
      422,
      "portal.upload_broken",
      "The picture is broken or larger than 25 megapixels; save it smaller 图片无法读取或者超过2500万像素，请缩小或者重新保存后上传",
    );
  }
}

/** A name to show: no path, nothing that is not seen. */
export function shownName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  return last.replaceAll(/[\p{Cc}\p{Cf}"<>]/gu, "").slice(0, 120) || "未命名";
}
