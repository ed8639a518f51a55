import { readdirSync, readFileSync } from "node:fs";
import { UsageError } from "../../pipeline/domain/errors.ts";

/** USER_HZ: what /proc counts in on every Linux that Node.js runs on. */
const MS_PER_TICK = 10;
const PAGE_BYTES = 4096;

/** What this process and everything it started have used and hold. */
export interface TreeUse {
  /** User + system, of processes that live and of those that have ended. */
  readonly cpuMs: number;
  /** Resident memory, pages that several share counted for each. */
  readonly rssBytes: number;
  readonly processes: number;
}

interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  /** Its own and that of its children that have ended. */
  readonly ownCpuMs: number;
  readonly endedCpuMs: number;
  readonly rssBytes: number;
}

/**
 * The use of the whole process tree right now.
 * @throws UsageError away from Linux, where nobody tells
 */
export function treeUse(): TreeUse {
  if (process.platform !== "linux")
    throw new UsageError("bench reads /proc to count the CPU time of ffmpeg: it runs on Linux only.");
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? readProcess(name) : []));
  const children = new Map<number, ProcessUse[]>();
  for (const use of all) children.set(use.parent, [...(children.get(use.parent) ?? []), use]);
  const self = all.find(({ pid }) => pid === process.pid);
  if (self === undefined) throw new Error("/proc does not know this process");
  const tree = [self];
  // Grows while it is walked: children behind their parents.
  for (const { pid } of tree) tree.push(...(children.get(pid) ?? []));
  // Of ourselves the finer clock.
  const { user, system } = process.cpuUsage();
  return {
    cpuMs:
      (user + system) / 1000 +
      tree.reduce(
        (sum, { pid, ownCpuMs, endedCpuMs }) => sum + endedCpuMs + (pid === self.pid ? 0 : ownCpuMs),
        0,
      ),
    rssBytes: tree.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    processes: tree.length,
  };
}

/** None when it has just ended. */
function readProcess(pid: string): ProcessUse[] {
  try {
    return [parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"))];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return [];
    throw error;
  }
}

/** A line of /proc/PID/stat; fields as in proc_pid_stat(5). */
export function parseStat(stat: string): ProcessUse {
  // Field 2 is the program's name in brackets, and a name may hold brackets and blanks itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  const use = {
    pid: Number.parseInt(stat, 10),
    parent: field(4),
    ownCpuMs: (field(14) + field(15)) * MS_PER_TICK,
    endedCpuMs: (field(16) + field(17)) * MS_PER_TICK,
    rssBytes: field(24) * PAGE_BYTES,
  };
  if (Object.values(use).some((value) => !Number.isFinite(value)))
    throw new Error(`/proc/PID/stat reads otherwise than proc_pid_stat(5): ${stat}`);
  return use;
}
