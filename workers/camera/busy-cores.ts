import { cpus } from "node:os";

/** Time of all cores together since some start, in milliseconds. */
interface CoreTimes {
  readonly busy: number;
  readonly total: number;
}

/** Measures, from call to call, how busy all cores of this machine were. */
export class BusyCores {
  #last: CoreTimes = readTimes();

  /** Share of time not idle since the last call, 0–1; 0 when no time has passed. */
  take(): number {
    const now = readTimes();
    const total = now.total - this.#last.total;
    const busy = now.busy - this.#last.busy;
    this.#last = now;
    return total > 0 ? busy / total : 0;
  }
}

function readTimes(): CoreTimes {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    busy += all - times.idle;
    total += all;
  }
  return { busy, total };
}
