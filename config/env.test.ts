import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { childEnv, loadConfig } from "./env.ts";

const dataDir = "/srv/forewarn";

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.faults.map(({ path }) => path).sort();
  }
}

describe("the configuration", () => {
  it("has a default for everything that is no address of somebody else", () => {
    expect(loadConfig({})).toEqual({
      dataDir: resolve(".forewarn"),
      modelsDir: resolve(".forewarn", "models"),
      logLevel: "info",
      databaseUrl: undefined,
      redisUrl: undefined,
      queuePrefix: "forewarn",
      timeServer: undefined,
      sealAlgorithm: "Ed25519",
      memoryDir: "/dev/shm/forewarn",
      host: "127.0.0.1",
      port: 8080,
      trustedProxies: ["loopback"],
      publicUrl: "http://127.0.0.1:8080",
      publicUrlIsSet: false,
      secureCookies: false,
      webhookUrl: undefined,
      smsUrl: undefined,
      mqttUrl: undefined,
      mqttUser: undefined,
      speakerUrl: undefined,
      speakerRepeat: 2,
      smtpRequireTls: true,
      mailFrom: undefined,
      vehicleRegistryUrl: undefined,
      resendChannels: ["log", "webhook", "sms"],
      tsaUrl: undefined,
      tsaCaPath: undefined,
      checkpointMinutes: 60,
      ffmpegPath: undefined,
      ffprobePath: undefined,
      executionProviders: ["cpu"],
      inferenceThreads: undefined,
      camerasPerWorker: 16,
      jobLockMs: 30_000,
      minFreeBytes: 1024 ** 3,
      metricsHost: "127.0.0.1",
      metricsPort: undefined,
      secrets: {
        appDatabasePassword: undefined,
        sessionSecret: undefined,
        webhookSecret: undefined,
        bankSecret: undefined,
        smsSecret: undefined,
        mqttPassword: undefined,
        speakerSecret: undefined,
        smtpUrl: undefined,
        vehicleRegistryToken: undefined,
        metricsToken: undefined,
      },
    });
  });

  it("takes what is set", () => {
    expect(
      loadConfig({
        FOREWARN_DATA_DIR: dataDir,
        FOREWARN_DATABASE_URL: "postgresql://forewarn:hush@db/forewarn",
        FOREWARN_REDIS_URL: "rediss://queue:6380/2",
        FOREWARN_PORT: "0",
        FOREWARN_PUBLIC_URL: "https://desk.example.gov.cn/",
        FOREWARN_EXECUTION_PROVIDERS: " cuda , cpu,",
        FOREWARN_TSA_URL: "https://tsa.example.cn/tsr",
        FOREWARN_TSA_CA: "tsa-ca.pem",
        FOREWARN_CHECKPOINT_MINUTES: "15",
        FOREWARN_JOB_LOCK_MS: "2000",
        FOREWARN_METRICS_PORT: "0",
      }),
    ).toMatchObject({
      dataDir,
      modelsDir: join(dataDir, "models"),
      databaseUrl: "postgresql://forewarn:hush@db/forewarn",
      redisUrl: "rediss://queue:6380/2",
      port: 0,
      publicUrl: "https://desk.example.gov.cn",
      publicUrlIsSet: true,
      secureCookies: true,
      executionProviders: ["cuda", "cpu"],
      tsaUrl: "https://tsa.example.cn/tsr",
      tsaCaPath: "tsa-ca.pem",
      checkpointMinutes: 15,
      jobLockMs: 2_000,
      metricsPort: 0,
    });
  });

  it("believes the proxies it is told of, and takes no word for one", () => {
    const trusted = (text: string) => loadConfig({ FOREWARN_TRUSTED_PROXIES: text }).trustedProxies;
    expect(trusted("loopback, 172.18.0.0/16 ,fd00::1")).toEqual(["loopback", "172.18.0.0/16", "fd00::1"]);
    for (const wrong of ["true", "1", "proxy.local", "10.0.0.0/33", "10.0.0.0/8/8", "0.0.0"])
      expect([wrong, faultsOf({ FOREWARN_TRUSTED_PROXIES: wrong })]).toEqual([
        wrong,
        ["FOREWARN_TRUSTED_PROXIES"],
      ]);
  });

  it("sends cookies over https only where people come by https, unless told otherwise", () => {
    const secure = (env: Record<string, string>) => loadConfig(env).secureCookies;
    expect(secure({ FOREWARN_PUBLIC_URL: "http://10.0.0.8" })).toBe(false);
    expect(secure({ FOREWARN_PUBLIC_URL: "https://desk.example", FOREWARN_SECURE_COOKIES: "false" })).toBe(
      false,
    );
    expect(secure({ FOREWARN_SECURE_COOKIES: "true" })).toBe(true);
  });

  it("counts what is empty as not set", () => {
    expect(loadConfig({ FOREWARN_DATABASE_URL: "", FOREWARN_PORT: "" })).toMatchObject({
      databaseUrl: undefined,
      port: 8080,
    });
  });

  it("names every fault at once, and says nothing of what is not ours", () => {
    expect(
      faultsOf({
        FOREWARN_DATABASE_URL: "mysql://db/x",
        FOREWARN_REDIS_URL: "localhost:6379",
        FOREWARN_PORT: "99999",
        FOREWARN_LOG_LEVEL: "loud",
        FOREWARN_SESSION_SECRET: "short",
        FOREWARN_QUEUE_PREFIX: "a b",
        PATH: "",
        PORT: "nonsense",
      }),
    ).toEqual([
      "FOREWARN_DATABASE_URL",
      "FOREWARN_LOG_LEVEL",
      "FOREWARN_PORT",
      "FOREWARN_QUEUE_PREFIX",
      "FOREWARN_REDIS_URL",
      "FOREWARN_SESSION_SECRET",
    ]);
  });

  it("takes where warnings go, and keeps what opens those doors apart", () => {
    const config = loadConfig({
      FOREWARN_SMS_URL: "https://sms.example.gov.cn/send",
      FOREWARN_SMS_SECRET: "shared with the gateway",
      FOREWARN_MQTT_URL: "mqtts://broker.example.gov.cn:8883",
      FOREWARN_MQTT_USER: "forewarn",
      FOREWARN_MQTT_PASSWORD: "hush",
      FOREWARN_SMTP_URL: "smtps://forewarn:hush@mail.example.gov.cn",
      FOREWARN_SMTP_REQUIRE_TLS: "false",
      FOREWARN_MAIL_FROM: "notice@example.gov.cn",
      FOREWARN_VEHICLE_REGISTRY_URL: "https://vehicles.example.gov.cn/owners",
      FOREWARN_VEHICLE_REGISTRY_TOKEN: "hush-token",
      FOREWARN_SPEAKER_REPEAT: "3",
      FOREWARN_RESEND_CHANNELS: "webhook, speaker_mqtt",
    });
    expect(config).toMatchObject({
      mqttUser: "forewarn",
      smtpRequireTls: false,
      speakerRepeat: 3,
      vehicleRegistryUrl: "https://vehicles.example.gov.cn/owners",
      resendChannels: ["webhook", "speaker_mqtt"],
    });
    const { secrets, ...told } = config;
    expect(JSON.stringify(told)).not.toMatch(/hush|shared with/);
    expect(secrets).toMatchObject({
      mqttPassword: "hush",
      smtpUrl: expect.stringContaining("hush@"),
      vehicleRegistryToken: "hush-token",
    });
  });

  it.each([
    ["FOREWARN_SMS_URL", "https://user:hush@sms.example"],
    ["FOREWARN_VEHICLE_REGISTRY_URL", "https://user:hush@vehicles.example"],
    ["FOREWARN_MQTT_URL", "mqtt://user:hush@broker.example"],
    ["FOREWARN_MQTT_URL", "https://broker.example"],
    ["FOREWARN_SMTP_URL", "mail.example:25"],
    ["FOREWARN_MAIL_FROM", "nobody"],
    ["FOREWARN_SPEAKER_REPEAT", "9"],
    ["FOREWARN_RESEND_CHANNELS", "sms;email"],
  ])("refuses %s=%s", (name, value) => {
    expect(faultsOf({ [name]: value })[0]).toMatch(name);
  });

  it.each(["0", "999", "3.5", "forever"])("does not let a job's lock be %s ms", (lock) => {
    expect(faultsOf({ FOREWARN_JOB_LOCK_MS: lock })).toEqual(["FOREWARN_JOB_LOCK_MS"]);
  });

  it.each([
    ["ntp.example", { host: "ntp.example", port: 123 }],
    ["10.0.0.5:1123", { host: "10.0.0.5", port: 1123 }],
  ])("takes %s for a time server", (text, server) => {
    expect(loadConfig({ FOREWARN_NTP_SERVER: text }).timeServer).toEqual(server);
  });

  it("takes no address with a scheme for a time server", () => {
    expect(faultsOf({ FOREWARN_NTP_SERVER: "ntp://ntp.example" })).toEqual(["FOREWARN_NTP_SERVER"]);
  });

  it("repeats no secret in what it complains about", () => {
    const secrets = {
      FOREWARN_SESSION_SECRET: "hush-hush",
      FOREWARN_WEBHOOK_SECRET: "quiet",
      FOREWARN_METRICS_TOKEN: "hush-token",
    };
    expect(() => loadConfig(secrets)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hush-|quiet/) }),
    );
  });

  it("cannot be changed afterwards", () => {
    const config = loadConfig({});
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.secrets)).toBe(true);
  });

  it("hands a child what we have, and what it is given beyond", () => {
    const env = childEnv({ FOREWARN_PORT: "0" });
    expect(env.FOREWARN_PORT).toBe("0");
    expect(env.PATH).toBe(childEnv({}).PATH);
    expect(env.PATH).toBeTruthy();
  });
});
