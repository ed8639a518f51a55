import type { TaskKind } from "../../store/camera-task-store.ts";
import type { WorkerContext } from "../context.ts";

export interface Notice {
  readonly context: WorkerContext;
  /** Goes along with every attempt, so that a receiver can drop what it already has. */
  readonly deliveryId: string;
  readonly warningId: string;
  /** Phone, speaker id or mail address; null where the channel itself knows where to. Never for logs or faults. */
  readonly address: string | null;
  readonly subject: string;
  /** What is said over this channel, link included. */
  readonly text: string;
  /** The whole letter. */
  readonly textZh: string;
  readonly textEn: string;
  /** Unguessable: whoever has it may read the letter. */
  readonly link: string;
}

export interface Receipt {
  /** `sent`: handed over; `delivered`: the channel says it arrived. */
  readonly state: "sent" | "delivered";
  /** Kept and shown: no secrets, no addresses. */
  readonly detail: object;
}

export interface Channel {
  /** It is heard in the street: it keeps the quiet hours, and says what can be heard, no links. */
  readonly sounds: boolean;
  /** What it says when no text of its own was given: the letter, shortened for a message, or to be spoken. */
  readonly words: "letter" | "message" | "speech";
  /**
   * Sends once. Throws `PermanentDeliveryError` when trying again is of no use, `UnknownOutcomeError` when it may have
   * arrived, anything else when it did not. Faults name no address: they are logged and shown.
   */
  send(notice: Notice): Promise<Receipt>;
}

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
