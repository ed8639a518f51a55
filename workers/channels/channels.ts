import type { AlarmChannel, Channel } from "./channel.ts";
import { email } from "./email.ts";
import { alarmToLog, log } from "./log.ts";
import { sms } from "./sms.ts";
import { speakerHttp } from "./speaker-http.ts";
import { speakerMqtt } from "./speaker-mqtt.ts";
import { alarmToWebhook, webhook } from "./webhook.ts";

export const channels: Readonly<Record<string, Channel>> = {
  log,
  webhook,
  sms,
  email,
  speaker_mqtt: speakerMqtt,
  speaker_http: speakerHttp,
};

export const alarmChannels: Readonly<Record<string, AlarmChannel>> = {
  log: alarmToLog,
  webhook: alarmToWebhook,
};
