import type { AlarmChannel, Channel } from "./channel.ts";
import { alarmToLog, sendToLog } from "./log.ts";
import { alarmToWebhook, sendToWebhook } from "./webhook.ts";

export const channels: Readonly<Record<string, Channel>> = { log: sendToLog, webhook: sendToWebhook };

export const alarmChannels: Readonly<Record<string, AlarmChannel>> = {
  log: alarmToLog,
  webhook: alarmToWebhook,
};
