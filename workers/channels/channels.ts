import type { Channel } from "./channel.ts";
import { sendToLog } from "./log.ts";
import { sendToWebhook } from "./webhook.ts";

export const channels: Readonly<Record<string, Channel>> = { log: sendToLog, webhook: sendToWebhook };
