import { isIP } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { InvalidInputError } from "../pipeline/domain/errors.ts";

const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** An address that may be logged: who signs in, and with what, stands apart. */
const addressWithoutCredentials = (protocol: RegExp) =>
  z
    .url({ protocol })
    .refine((url) => new URL(url).username === "" && new URL(url).password === "", "no credentials in here");
const gatewayUrl = addressWithoutCredentials(/^https?$/);

/** As Express reads it: a name of a range, an address, or a network. */
function isNetwork(text: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(text)) return true;
  const [address = "", bits, ...more] = text.split("/");
  const kind = isIP(address);
  if (kind === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128));
}

const schema = z.object({
  /** Everything this installation stores: models, bundles, keys, spool. */
  FOREWARN_DATA_DIR: z.string().min(1).optional(),
  /** Where weights are kept; several installations may share them. */
  FOREWARN_MODELS_DIR: z.string().min(1).optional(),
  FOREWARN_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  FOREWARN_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Of the role that `forewarn migrate --app-role` makes for the programs. */
  FOREWARN_APP_DATABASE_PASSWORD: z.string().optional(),
  FOREWARN_REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Key prefix in Redis, so that several installations or test runs share one server. */
  FOREWARN_QUEUE_PREFIX: z
    .string()
    .regex(/^[\w:-]+$/)
    .default("forewarn"),
  /** Compared with this machine's clock: `host` or `host:port`. Not set: nobody knows how wrong the clock is. */
  FOREWARN_NTP_SERVER: z
    .string()
    .regex(/^[\w.-]+(:\d{1,5})?$/, "host or host:port")
    .transform((text) => {
      const [host = "", port = "123"] = text.split(":");
      return { host, port: Number(port) };
    })
    .optional(),
  /** What a site's first key is: `SM2` for the national profile. Later ones come by `forewarn keys rotate`. */
  FOREWARN_SEAL_ALGORITHM: z.enum(["Ed25519", "SM2"]).default("Ed25519"),
  /** In memory: pictures of cameras with privacy masks lie here until they are masked. */
  FOREWARN_MEMORY_DIR: z.string().min(1).default("/dev/shm/forewarn"),
  FOREWARN_HOST: z.string().min(1).default("127.0.0.1"),
  FOREWARN_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  /** Whose `X-Forwarded-For` is believed: the reverse proxy that ends https. Nobody else's. */
  FOREWARN_TRUSTED_PROXIES: z
    .string()
    .default("loopback")
    .transform(listOf)
    .refine((list) => list.every(isNetwork), "addresses, networks (10.0.0.0/8), loopback, uniquelocal"),
  /** Where people reach the API from outside: warning links start with it. */
  FOREWARN_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Send the session cookie over https only. On by default when the public URL is https. */
  FOREWARN_SECURE_COOKIES: z.stringbool().optional(),
  FOREWARN_SESSION_SECRET: z.string().min(32).optional(),
  FOREWARN_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  FOREWARN_WEBHOOK_SECRET: z.string().min(16).optional(),
  /** Signs the bank's payment notices. Not set: none is believed. */
  FOREWARN_BANK_SECRET: z.string().min(32).optional(),
  /** The agency's SMS gateway: `POST {to, text, id}`, signed like the webhook. */
  FOREWARN_SMS_URL: gatewayUrl.optional(),
  FOREWARN_SMS_SECRET: z.string().min(16).optional(),
  /** Broker of the loudspeakers: `speakers/‹id›/say`. Credentials stand apart, not in the address. */
  FOREWARN_MQTT_URL: addressWithoutCredentials(/^mqtts?$/).optional(),
  FOREWARN_MQTT_USER: z.string().min(1).optional(),
  FOREWARN_MQTT_PASSWORD: z.string().min(1).optional(),
  /** Gateway of loudspeakers that speak HTTP: `POST {to, text, id, repeat, notAfter}`, signed like the webhook. */
  FOREWARN_SPEAKER_URL: gatewayUrl.optional(),
  FOREWARN_SPEAKER_SECRET: z.string().min(16).optional(),
  /** How often a loudspeaker says its text. */
  FOREWARN_SPEAKER_REPEAT: z.coerce.number().int().min(1).max(5).default(2),
  /** Mail server: `smtps://user:password@host` or `smtp://host:587`. A secret, for the password may stand in it. */
  FOREWARN_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Letters carry links that are keys: without TLS nothing is mailed, unless the relay is on this machine and this is off. */
  FOREWARN_SMTP_REQUIRE_TLS: z.stringbool().default(true),
  FOREWARN_MAIL_FROM: z.email().optional(),
  /** Who owns a vehicle: `POST {plate}`, asked once a person has confirmed the plate. Not set: nobody is found. */
  FOREWARN_VEHICLE_REGISTRY_URL: gatewayUrl.optional(),
  /** Sent to that registry as a bearer token. */
  FOREWARN_VEHICLE_REGISTRY_TOKEN: z.string().min(1).optional(),
  /** Channels whose receivers drop what they already have: after a broken-off attempt these send again, others ask a person. */
  FOREWARN_RESEND_CHANNELS: z
    .string()
    .default("log,webhook,sms")
    .transform(listOf)
    .pipe(z.array(z.string().regex(/^[a-z_]+$/))),
  /** RFC 3161 authority that stamps the evidence log's checkpoints. It learns a hash, nothing else. Not set: nobody is asked. */
  FOREWARN_TSA_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** PEM file of the certificates that authority's must lead to. Not set: its timestamps are kept, trust is not checked. */
  FOREWARN_TSA_CA: z.string().min(1).optional(),
  /** Minutes between signed checkpoints of the evidence log. */
  FOREWARN_CHECKPOINT_MINUTES: z.coerce.number().int().min(1).max(1_440).default(60),
  FOREWARN_FFMPEG: z.string().min(1).optional(),
  FOREWARN_FFPROBE: z.string().min(1).optional(),
  /** ONNX Runtime execution providers, first that loads wins: `cuda,cpu`. */
  FOREWARN_EXECUTION_PROVIDERS: z.string().default("cpu").transform(listOf),
  FOREWARN_INFERENCE_THREADS: z.coerce.number().int().min(1).max(64).optional(),
  /** Cameras one worker process watches at most. */
  FOREWARN_CAMERAS_PER_WORKER: z.coerce.number().int().min(1).max(256).default(16),
  /** Less free space than this on the data folder's disk, in MiB, pauses every camera. The ring wants 64 at least. */
  FOREWARN_MIN_FREE_MIB: z.coerce.number().int().min(64).max(1_048_576).default(1_024),
  /** How long a killed worker's job stays its own, in milliseconds, before another worker takes it. */
  FOREWARN_JOB_LOCK_MS: z.coerce.number().int().min(1_000).max(600_000).default(30_000),
  /** Where a worker serves /metrics, /healthz and /readyz. */
  FOREWARN_METRICS_HOST: z.string().min(1).default("127.0.0.1"),
  /** Not set: not served, since several workers on one machine cannot share a port. 0: the system chooses. */
  FOREWARN_METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** Bearer token of whoever reads /metrics from another machine. Not set: nobody does. */
  FOREWARN_METRICS_TOKEN: z.string().min(16).optional(),
});

export interface Config {
  readonly dataDir: string;
  readonly modelsDir: string;
  readonly logLevel: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly queuePrefix: string;
  readonly timeServer: { readonly host: string; readonly port: number } | undefined;
  readonly sealAlgorithm: "Ed25519" | "SM2";
  readonly memoryDir: string;
  readonly host: string;
  readonly port: number;
  readonly trustedProxies: readonly string[];
  readonly publicUrl: string;
  readonly publicUrlIsSet: boolean;
  readonly secureCookies: boolean;
  readonly webhookUrl: string | undefined;
  readonly smsUrl: string | undefined;
  readonly mqttUrl: string | undefined;
  readonly mqttUser: string | undefined;
  readonly speakerUrl: string | undefined;
  readonly speakerRepeat: number;
  readonly smtpRequireTls: boolean;
  readonly mailFrom: string | undefined;
  readonly vehicleRegistryUrl: string | undefined;
  readonly resendChannels: readonly string[];
  readonly tsaUrl: string | undefined;
  readonly tsaCaPath: string | undefined;
  readonly checkpointMinutes: number;
  readonly ffmpegPath: string | undefined;
  readonly ffprobePath: string | undefined;
  readonly executionProviders: readonly string[];
  readonly inferenceThreads: number | undefined;
  readonly camerasPerWorker: number;
  readonly jobLockMs: number;
  readonly minFreeBytes: number;
  readonly metricsHost: string;
  readonly metricsPort: number | undefined;
  readonly secrets: Secrets;
}

/** Kept apart so that nobody logs it by logging the configuration. */
export interface Secrets {
  readonly appDatabasePassword: string | undefined;
  readonly sessionSecret: string | undefined;
  readonly webhookSecret: string | undefined;
  readonly bankSecret: string | undefined;
  readonly smsSecret: string | undefined;
  readonly mqttPassword: string | undefined;
  readonly speakerSecret: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly vehicleRegistryToken: string | undefined;
  readonly metricsToken: string | undefined;
}

/**
 * The environment as typed configuration, checked once. Throws `InvalidInputError` naming every fault.
 * This file alone may read `process.env`.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const known = Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => name in schema.shape && value !== undefined && value !== "",
    ),
  );
  const parsed = schema.safeParse(known);
  if (!parsed.success) {
    throw new InvalidInputError(
      "environment",
      parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message })),
    );
  }
  const value = parsed.data;
  const dataDir = resolve(value.FOREWARN_DATA_DIR ?? join(process.cwd(), ".forewarn"));
  const publicUrl = value.FOREWARN_PUBLIC_URL ?? `http://${value.FOREWARN_HOST}:${value.FOREWARN_PORT}`;
  return Object.freeze({
    dataDir,
    modelsDir: resolve(value.FOREWARN_MODELS_DIR ?? join(dataDir, "models")),
    logLevel: value.FOREWARN_LOG_LEVEL,
    databaseUrl: value.FOREWARN_DATABASE_URL,
    redisUrl: value.FOREWARN_REDIS_URL,
    queuePrefix: value.FOREWARN_QUEUE_PREFIX,
    timeServer: value.FOREWARN_NTP_SERVER,
    sealAlgorithm: value.FOREWARN_SEAL_ALGORITHM,
    memoryDir: resolve(value.FOREWARN_MEMORY_DIR),
    host: value.FOREWARN_HOST,
    port: value.FOREWARN_PORT,
    trustedProxies: value.FOREWARN_TRUSTED_PROXIES,
    publicUrl: publicUrl.replace(/\/$/, ""),
    publicUrlIsSet: value.FOREWARN_PUBLIC_URL !== undefined,
    secureCookies: value.FOREWARN_SECURE_COOKIES ?? publicUrl.startsWith("https:"),
    webhookUrl: value.FOREWARN_WEBHOOK_URL,
    smsUrl: value.FOREWARN_SMS_URL,
    mqttUrl: value.FOREWARN_MQTT_URL,
    mqttUser: value.FOREWARN_MQTT_USER,
    speakerUrl: value.FOREWARN_SPEAKER_URL,
    speakerRepeat: value.FOREWARN_SPEAKER_REPEAT,
    smtpRequireTls: value.FOREWARN_SMTP_REQUIRE_TLS,
    mailFrom: value.FOREWARN_MAIL_FROM,
    vehicleRegistryUrl: value.FOREWARN_VEHICLE_REGISTRY_URL,
    resendChannels: value.FOREWARN_RESEND_CHANNELS,
    tsaUrl: value.FOREWARN_TSA_URL,
    tsaCaPath: value.FOREWARN_TSA_CA,
    checkpointMinutes: value.FOREWARN_CHECKPOINT_MINUTES,
    ffmpegPath: value.FOREWARN_FFMPEG,
    ffprobePath: value.FOREWARN_FFPROBE,
    executionProviders: value.FOREWARN_EXECUTION_PROVIDERS,
    inferenceThreads: value.FOREWARN_INFERENCE_THREADS,
    camerasPerWorker: value.FOREWARN_CAMERAS_PER_WORKER,
    jobLockMs: value.FOREWARN_JOB_LOCK_MS,
    minFreeBytes: value.FOREWARN_MIN_FREE_MIB * 1024 ** 2,
    metricsHost: value.FOREWARN_METRICS_HOST,
    metricsPort: value.FOREWARN_METRICS_PORT,
    secrets: Object.freeze({
      appDatabasePassword: value.FOREWARN_APP_DATABASE_PASSWORD,
      sessionSecret: value.FOREWARN_SESSION_SECRET,
      webhookSecret: value.FOREWARN_WEBHOOK_SECRET,
      bankSecret: value.FOREWARN_BANK_SECRET,
      smsSecret: value.FOREWARN_SMS_SECRET,
      mqttPassword: value.FOREWARN_MQTT_PASSWORD,
      speakerSecret: value.FOREWARN_SPEAKER_SECRET,
      smtpUrl: value.FOREWARN_SMTP_URL,
      vehicleRegistryToken: value.FOREWARN_VEHICLE_REGISTRY_TOKEN,
      metricsToken: value.FOREWARN_METRICS_TOKEN,
    }),
  });
}

/**
 * glibc keeps what inference threads give back, 40 MiB each time a model is loaded anew (measured), unless it is told
 * to hand large blocks back to the system, and to keep one arena: with an arena for each thread that ever was, what is
 * left between them still grows by some MiB a reload. Only the environment at the start of a program can tell it.
 */
const GIVE_MEMORY_BACK = {
  MALLOC_MMAP_THRESHOLD_: "131072",
  MALLOC_TRIM_THRESHOLD_: "131072",
  MALLOC_ARENA_MAX: "1",
};

/** ONNX Runtime reports its use to its maker unless told not to: what a city's cameras do is nobody's business. */
const TELL_NOBODY = { ORT_DISABLE_TELEMETRY: "1" };

/** The environment a child program of ours inherits. */
export function childEnv(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...GIVE_MEMORY_BACK, ...process.env, ...TELL_NOBODY, ...extra };
}

/** Where downloads that every checkout may share are kept. */
export function sharedCacheDir(): string {
  return (
    process.env.FOREWARN_CACHE_DIR ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "forewarn")
  );
}
