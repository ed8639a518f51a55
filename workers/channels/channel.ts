import type { WorkerContext } from "../context.ts";

export interface Notice {
  readonly context: WorkerContext;
  /** The receiver may use it to drop a notice it already has. */
  readonly deliveryId: string;
  readonly warningId: string;
  readonly textZh: string;
  readonly textEn: string;
  /** Unguessable: whoever has it may read the letter. */
  readonly link: string;
}

export interface Receipt {
  /** `sent`: handed over; `delivered`: the channel says it arrived. */
  readonly state: "sent" | "delivered";
  readonly detail: object;
}

/** Sends, or throws: the job is then tried again. */
export type Channel = (notice: Notice) => Promise<Receipt>;
