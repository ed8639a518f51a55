import type { TaskKind } from "../../store/camera-task-store.ts";
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

/** That a camera does not see. */
export interface AlarmNotice {
  readonly context: WorkerContext;
  /** The receiver may use it to drop an alarm it already has. */
  readonly alarmId: string;
  readonly taskId: string;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly region: string;
  readonly place: string;
  readonly kind: TaskKind;
  /** ISO 8601, UTC. */
  readonly openedAt: string;
  readonly textZh: string;
  readonly textEn: string;
}

/** Sends, or throws: the job is then tried again. */
export type AlarmChannel = (alarm: AlarmNotice) => Promise<Receipt>;
