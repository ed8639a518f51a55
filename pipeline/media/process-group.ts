import { recordChild } from "./orphans.ts";

/** What ffmpeg gets after SIGTERM to write its trailers. A frozen one ignores it (measured), hence SIGKILL. */
const GRACE_MS = 1_500;

/** Groups alive right now: the last resort when this program ends without having aborted them. */
const alive = new Set<number>();
let guarded = false;
let recordsDir: string | undefined;

/** From now on every child is written down in this folder, for `sweepOrphans()` of a later program. */
export function recordGroupsIn(dir: string): void {
  recordsDir = dir;
}

/** Remembers a detached child's group so that it does not outlive this program. Call the result once it is gone. */
export function guardGroup(pid: number): () => void {
  if (!guarded) {
    guarded = true;
    process.once("exit", () => {
      for (const group of alive) signalGroup(group, "SIGKILL");
    });
  }
  alive.add(pid);
  const forget = recordsDir === undefined ? undefined : recordChild(recordsDir, pid);
  return () => {
    alive.delete(pid);
    forget?.();
  };
}

/** Asks the group to end and makes it end. Call the result once it is gone. */
export function endGroup(pid: number): () => void {
  signalGroup(pid, "SIGTERM");
  const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), GRACE_MS);
  return () => clearTimeout(timer);
}

function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (fault) {
    // Gone already: that is what we want.
    if (!(fault instanceof Error && "code" in fault && fault.code === "ESRCH")) throw fault;
  }
}
