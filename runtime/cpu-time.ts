import { readFileSync } from "node:fs";

/** USER_HZ: what /proc counts in on every Linux that Node.js runs on, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/**
 * Processor time (user + system) of this process and of all its children that have ended, in milliseconds:
 * ffmpeg's work counts once ffmpeg is gone. Away from Linux nobody tells of ended children, and only this
 * process counts.
 */
export function treeCpuMs(): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  return process.platform === "linux"
    ? own + endedChildrenCpuMs(readFileSync("/proc/self/stat", "utf8"))
    : own;
}

/** cutime + cstime of a /proc/PID/stat line, fields 16 and 17 of proc_pid_stat(5), in milliseconds. */
export function endedChildrenCpuMs(stat: string): number {
  // Field 2 is the program's name in brackets, and a name may hold brackets and blanks itself.
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(afterName[13]) + Number(afterName[14]);
  if (!Number.isFinite(ticks))
    throw new Error(`/proc/self/stat reads otherwise than proc_pid_stat(5): ${stat}`);
  return (ticks * 1000) / TICKS_PER_SECOND;
}
