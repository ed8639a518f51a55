import { createHash, randomBytes } from "node:crypto";
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

/** Writing a bundle takes seconds: whatever is older is a leftover, whoever now has that pid. */
const LONGEST_WRITE_MS = 10 * 60_000;

/** Whether the writer may still be at it; `sinceMs` is how long ago it began. */
export function mayStillWrite(writer: WriterIdentity, sinceMs: number): boolean {
  if (sinceMs > LONGEST_WRITE_MS) return false;
  // Nobody can ask another machine's processes.
  if (writer.host !== thisWriter.host) return true;
  if (writer.pid === thisWriter.pid) return writer.token === thisWriter.token;
  try {
    process.kill(writer.pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return errnoOf(error) === "EPERM";
  }
}
