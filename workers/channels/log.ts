import type { AlarmNotice, Channel, Receipt } from "./channel.ts";

/** Writes down that a warning is ready to be handed over. The link is a key, so it stays out of the log. */
export const log: Channel = {
  sounds: false,
  words: "letter",
  async send({ context, warningId }) {
    context.log.info({ warningId }, "warning ready: an officer hands over the link shown on the desk");
    return { state: "sent", detail: {} };
  },
};

/** Writes down that a camera does not see. */
export async function alarmToLog({ context, ...alarm }: AlarmNotice): Promise<Receipt> {
  const { alarmId, taskId, cameraId, kind, openedAt, textEn } = alarm;
  context.log.error({ alarmId, taskId, cameraId, kind, openedAt }, textEn);
  return { state: "sent", detail: {} };
}
