import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { processStart } from "./process-start.ts";

const recordSchema = z.object({
  pid: z.int().min(2),
  start: z.string(),
  ownerPid: z.int().min(1),
  ownerStart: z.string(),
});

/**
 * Writes down a child's process group, so that whoever comes after us can end it should we be killed: a child that
 * writes to a pipe of ours ends by itself then, one that only copies a stream to disk lives on (measured).
 * Call the result once the child is gone. Away from Linux nothing is written.
 */
export function recordChild(dir: string, pid: number): () => void {
  const start = processStart(pid);
  const ownerStart = processStart(process.pid);
  if (start === undefined || ownerStart === undefined) return () => undefined;
  mkdirSync(dir, { recursive: true });
  const path = join(dir, `${pid}.json`);
  writeFileSync(path, JSON.stringify({ pid, start, ownerPid: process.pid, ownerStart }));
  return () => rmSync(path, { force: true });
}

/**
 * Ends what killed programs have left running; answers how many groups that were. Children of programs that live
 * are left alone, as is a process that has got a child's number since.
 */
export function sweepOrphans(dir: string): number {
  let ended = 0;
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    const record = readRecord(path);
    if (record !== undefined && processStart(record.ownerPid) === record.ownerStart) continue;
    if (record !== undefined && processStart(record.pid) === record.start) {
      killGroup(record.pid);
      ended += 1;
    }
    rmSync(path, { force: true });
  }
  return ended;
}

/** A record that was being written when its owner was killed names nobody. */
function readRecord(path: string): z.infer<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (fault) {
    if (!(fault instanceof Error && "code" in fault && fault.code === "ESRCH")) throw fault;
  }
}
