import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process as a file can remember it: the number alone may belong to another program by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: when it started, as this system counts it. */
  readonly started: string;
}

/** The identity of a living process; undefined when there is none of that number (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === "linux" ? linuxStart(pid) : psStart(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether exactly this process, not a successor of the same number, still lives. */
export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.started === process.started;
}

function linuxStart(pid: number): string | undefined {
  try {
    // proc(5): the name in brackets may hold blanks, so count from behind it. State is field 3, start time 22.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}

function psStart(pid: number): string | undefined {
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() || undefined;
}
