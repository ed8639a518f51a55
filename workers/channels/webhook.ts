import { createHmac } from "node:crypto";
import { required } from "../../runtime/required.ts";
import type { WorkerContext } from "../context.ts";
import type { AlarmNotice, Notice, Receipt } from "./channel.ts";

const TIMEOUT_MS = 10_000;

/**
 * POSTs the letter to the agency's gateway (SMS, loudspeaker, …). With FOREWARN_WEBHOOK_SECRET the body is signed:
 * `x-forewarn-signature: sha256=‹hex HMAC of the body›`. Any 2xx counts as taken over.
 */
export function sendToWebhook({ context, ...notice }: Notice): Promise<Receipt> {
  return post(context, { type: "warning", ...notice });
}

/** POSTs to the same gateway, signed the same way, that a camera does not see. */
export function alarmToWebhook({ context, ...alarm }: AlarmNotice): Promise<Receipt> {
  return post(context, { type: "camera_alarm", ...alarm });
}

async function post(context: WorkerContext, message: object): Promise<Receipt> {
  const url = required(context.config.webhookUrl, "FOREWARN_WEBHOOK_URL");
  const { webhookSecret } = context.config.secrets;
  const body = JSON.stringify(message);
  const response = await fetch(url, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      "content-type": "application/json",
      ...(webhookSecret === undefined
        ? {}
        : {
            "x-forewarn-signature": `sha256=${createHmac("sha256", webhookSecret).update(body).digest("hex")}`,
          }),
    },
    body,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
  return { state: "sent", detail: { status: response.status } };
}
