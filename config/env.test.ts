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
      publicUrl: "http://127.0.0.1:8080",
      publicUrlIsSet: false,
      secureCookies: false,
      webhookUrl: undefined,
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
