import { required } from "../../runtime/required.ts";
import type { Channel } from "./channel.ts";
import { PermanentDeliveryError } from "./delivery-errors.ts";
import { readGatewayReply } from "./gateway-reply.ts";
import { postJson } from "./post-json.ts";

const RECEIVER = "the SMS gateway";
const PHONE = /^\+?\d{5,15}$/;

/**
 * POSTs `{to, text, id}` to the agency's SMS gateway, signed like the webhook. The gateway answers `{messageId}` or
 * `{error}`, and sends each id once.
 */
export const sms: Channel = {
  sounds: false,
  words: "message",
  async send({ context, deliveryId, address, text }) {
    const { smsUrl, secrets } = context.config;
    const url = required(smsUrl, "FOREWARN_SMS_URL");
    const to = (address ?? "").replaceAll(/[\s-]/g, "");
    if (!PHONE.test(to)) throw new PermanentDeliveryError("the address is no phone number");
    const { status, reply } = await postJson(
      { receiver: RECEIVER, url, secret: secrets.smsSecret },
      { to, text, id: deliveryId },
    );
    return { state: "sent", detail: { status, ...readGatewayReply(RECEIVER, reply) } };
  },
};
