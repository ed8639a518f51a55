import { required } from "../../runtime/required.ts";
import type { WorkerContext } from "../context.ts";
import type { AlarmNotice, Channel, Receipt } from "./channel.ts";
import { postJson } from "./post-json.ts";

/** POSTs the letter to the agency's gateway, which knows whom to tell. Any 2xx counts as taken over. */
export const webhook: Channel = {
  sounds: false,
  words: "letter",
  send({ context, deliveryId, warningId, textZh, textEn, link }) {
    return post(context, { type: "warning", deliveryId, warningId, textZh, textEn, link });
  },
};

/** POSTs to the same gateway, signed the same way, that a camera does not see. */
export function alarmToWebhook({ context, ...alarm }: AlarmNotice): Promise<Receipt> {
  return post(context, { type: "camera_alarm", ...alarm });
}

async function post(context: WorkerContext, message: object): Promise<Receipt> {
  const { webhookUrl, secrets } = context.config;
  const url = required(webhookUrl, "FOREWARN_WEBHOOK_URL");
  const { status } = await postJson({ receiver: "the webhook", url, secret: secrets.webhookSecret }, message);
  return { state: "sent", detail: { status } };
}
