import { randomBytes } from "node:crypto";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { required } from "../../runtime/required.ts";
import type { WorkerContext } from "../context.ts";

const CONNECT_MS = 10_000;

/** A client of the loudspeakers' broker, connecting; the caller ends it. Throws when no broker is configured. */
export function connectBroker(
  context: WorkerContext,
  options: Pick<IClientOptions, "reconnectPeriod">,
): MqttClient {
  const { mqttUrl, mqttUser, secrets } = context.config;
  return connect(required(mqttUrl, "FOREWARN_MQTT_URL"), {
    ...options,
    // Two clients of one name throw each other out.
    clientId: `forewarn-${randomBytes(6).toString("hex")}`,
    clean: true,
    connectTimeout: CONNECT_MS,
    ...(mqttUser === undefined ? {} : { username: mqttUser }),
    ...(secrets.mqttPassword === undefined ? {} : { password: secrets.mqttPassword }),
  });
}
