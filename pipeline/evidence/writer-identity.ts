import { createHash, randomBytes } from "node:crypto";
import { utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { errnoOf } from "./durable-fs.ts";

/**
 * Who is writing: a pid alone is not enough, containers give the same pid to every new life of a program, and
 * several that share a folder to each of theirs.
 */
export interface WriterIdentity {
  /** Of the machine's or container's name: 8 hexadecimal digits. */
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

export const thisWriter: WriterIdentity = {
  host: createHash("sha256").update(hostname()).digest("hex").slice(0, 8),
  pid: process.pid,
  token: randomBytes(6).toString("hex"),
};

/** A writer says so often that it is still at it. */
const BEAT_MS = 60_000;
/** Of whom nobody heard for so long, it is dead, whoever now has its pid. */
const SILENT_MS = 10 * BEAT_MS;

/**
 * Shows others, by the time of a file or folder, that its writer is still at work there: masking a bundle can take minutes.
 *
 * @returns ends it
 */
export function keepFresh(path: string, everyMs: number = BEAT_MS): () => void {
  const timer = setInterval(() => {
    const now = new Date();
    // Gone, or no right to it: then there is nothing to keep.
    utimes(path, now, now).catch(() => undefined);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Whether the writer may still be at it; `sinceMs` is how long ago it was last heard of. */
export function mayStillWrite(writer: WriterIdentity, sinceMs: number): boolean {
  const isHere = writer.host === thisWriter.host;
  // We clear up after ourselves.
  if (isHere && writer.pid === thisWriter.pid) return writer.token === thisWriter.token;
  if (sinceMs > SILENT_MS) return false;
  // Nobody can ask another machine's processes.
  if (!isHere) return true;
  try {
    process.kill(writer.pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return errnoOf(error) === "EPERM";
  }
}
