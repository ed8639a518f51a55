import { randomBytes } from "node:crypto";
import { errnoOf } from "./durable-fs.ts";

/** Who is writing: a pid alone is not enough, containers give the same pid to every new life of a program. */
export interface WriterIdentity {
  readonly pid: number;
  readonly token: string;
}

export const thisWriter: WriterIdentity = { pid: process.pid, token: randomBytes(6).toString("hex") };

/** Writing a bundle takes seconds: whatever is older is a leftover, whoever now has that pid. */
const LONGEST_WRITE_MS = 10 * 60_000;

/** Whether the writer may still be at it; `sinceMs` is how long ago it began. */
export function mayStillWrite(writer: WriterIdentity, sinceMs: number): boolean {
  if (sinceMs > LONGEST_WRITE_MS) return false;
  if (writer.pid === thisWriter.pid) return writer.token === thisWriter.token;
  try {
    process.kill(writer.pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return errnoOf(error) === "EPERM";
  }
}
