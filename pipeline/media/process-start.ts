import { readFileSync } from "node:fs";

/**
 * When a process was started, in the kernel's own count, so that a number given to another process later is not
 * taken for it. Undefined when it is gone, or where there is no /proc.
 */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold brackets and blanks; field 22 of proc_pid_stat(5) is the 20th behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && (fault.code === "ENOENT" || fault.code === "ESRCH"))
      return undefined;
    throw fault;
  }
}
