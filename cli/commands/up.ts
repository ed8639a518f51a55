import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { z } from "zod";
import { type Config, loadConfig } from "../../config/env.ts";
import { AppError, UsageError } from "../../pipeline/domain/errors.ts";
import { ensureDefaultModel } from "../../pipeline/open-detector.ts";
import { connectRedis } from "../../queue/connection.ts";
import { Producer } from "../../queue/producer.ts";
import { Lifecycle } from "../../runtime/lifecycle.ts";
import { openServices } from "../../runtime/services/open-services.ts";
import { packageRoot } from "../../runtime/version.ts";
import { migrate } from "../../store/migrate.ts";
import { createPool } from "../../store/pool.ts";
import { type RunningProgram, startProgram } from "../up/programs.ts";
import { ProgressView } from "../up/progress-view.ts";
import { chooseCameras, type StartCamera } from "../up/sample.ts";
import { seedAgency, seedCameras, seedUsers } from "../up/seed.ts";
import { WatchState } from "../up/watch-state.ts";
import { ensureWebPage } from "../up/web-page.ts";

const LOOK_EVERY_MS = 500;

const optionsSchema = z.object({
  once: z.boolean().default(false),
  json: z.boolean().default(false),
  source: z.string().min(1).optional(),
  camera: z.string().min(1).optional(),
});
type UpOptions = z.infer<typeof optionsSchema>;

/** `forewarn up`: everything on this machine with embedded defaults. */
export function registerUp(program: Command): void {
  program
    .command("up")
    .description("start everything on this machine: database, queue, API, workers, sample cameras (一键启动)")
    .option("--once", "play the footage once as fast as it goes, check what came of it, and end")
    .option("--source <url>", "watch this instead of the sample footage: rtsp://…, http(s)://… or a file")
    .option("--camera <file>", "camera file with zones and rules for it")
    .option("--json", "machine-readable lines on stdout")
    .addHelpText(
      "after",
      `
Examples:
  $ forewarn up                                        sample footage as two live cameras; prints where to review
  $ forewarn up --once --json                          a self-test: ends 0 if the expected incidents wait for review
  $ forewarn up --source rtsp://user:pass@10.0.0.8/1 --camera cam-001.yaml

Everything is stored in .forewarn (FOREWARN_DATA_DIR). Ctrl-C ends all of it; nothing stays running.`,
    )
    .action(runUp);
}

async function runUp(input: unknown): Promise<void> {
  const parsed = optionsSchema.safeParse(input);
  if (!parsed.success) throw new UsageError(`up: ${z.prettifyError(parsed.error)}`);
  const options = parsed.data;
  const lifecycle = new Lifecycle();
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => interrupted.abort());
  try {
    await bringUp(options, lifecycle, interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
  } finally {
    say(interrupted.signal.aborted ? "\nstopping …" : "stopping …");
    await lifecycle.close();
  }
}

async function bringUp(options: UpOptions, lifecycle: Lifecycle, interrupted: AbortSignal): Promise<void> {
  const config = loadConfig();
  // A self-test neither sees nor leaves anything in the everyday data.
  const dataDir = options.once ? join(config.dataDir, "once") : config.dataDir;
  if (options.once) await rm(dataDir, { recursive: true, force: true });
  const cameras = await chooseCameras({
    source: options.source,
    cameraFile: options.camera,
    once: options.once,
  });

  say("model 模型 …");
  await ensureDefaultModel({ modelsDir: config.modelsDir, packageRoot });
  await ensureWebPage(say);
  say("database and queue 数据库与队列 …");
  const services = await openServices({ ...config, dataDir }, { log: () => undefined });
  lifecycle.onClose("services", () => services.stop());
  await migrate(services.databaseUrl);

  const pool = createPool(services.databaseUrl);
  lifecycle.onClose("postgres", () => pool.end());
  const redis = connectRedis(services.redisUrl, () => undefined);
  lifecycle.onClose("redis", () => redis.disconnect());
  const producer = new Producer(redis, config.queuePrefix);
  lifecycle.onClose("queues", () => producer.close());

  const users = await seedUsers(pool);
  await seedAgency(pool);
  await seedCameras(
    pool,
    cameras.map(({ camera }) => camera),
  );

  say("API and workers 接口与后台 …");
  const programs = await startPrograms(config, { ...services, dataDir, once: options.once }, lifecycle);
  const url = z.object({ port: z.number() }).parse(programs.api.ready).port;
  const address = config.publicUrlIsSet ? config.publicUrl : `http://${config.host}:${url}`;
  if (options.json) emit({ type: "ready", url: address, users });
  if (!options.once) {
    console.error(`\n  Review 审核   ${address}`);
    for (const user of users) {
      console.error(
        `  ${user.login.padEnd(6)} ${user.oneTimePassword ?? "(own password 已设密码)"}   ${user.displayName}`,
      );
    }
    console.error(`  Logs 日志     ${join(dataDir, "logs")}\n  Ctrl-C ends everything 按 Ctrl-C 全部停止\n`);
  }
  const state = new WatchState(
    pool,
    producer,
    cameras.map(({ camera }) => camera),
  );
  const view = new ProgressView(process.stderr);
  const died = Promise.race([programs.api.ended, programs.workers.ended]);
  let ended = false;
  void died.then(() => {
    ended = true;
  });
  for (;;) {
    const seen = await state.read();
    view.show(seen.cameras, Date.now());
    if (interrupted.aborted) return;
    if (ended) {
      throw new UpFailedError(`a program ended by itself; its log is in ${join(dataDir, "logs")}`);
    }
    if (options.once && seen.idle) {
      reportOnce(options, cameras, seen);
      return;
    }
    await pause(LOOK_EVERY_MS, undefined, { signal: interrupted });
  }
}

class UpFailedError extends AppError {
  readonly code = "up.program_ended";
}

async function startPrograms(
  config: Config,
  place: { databaseUrl: string; redisUrl: string; dataDir: string; once: boolean },
  lifecycle: Lifecycle,
): Promise<{ api: RunningProgram; workers: RunningProgram }> {
  const env = {
    FOREWARN_DATABASE_URL: place.databaseUrl,
    FOREWARN_REDIS_URL: place.redisUrl,
    FOREWARN_DATA_DIR: place.dataDir,
    FOREWARN_MODELS_DIR: config.modelsDir,
    ...(place.once ? { FOREWARN_PORT: "0" } : {}),
  };
  const logDir = join(place.dataDir, "logs");
  const api = await startProgram("api", { env, logDir });
  lifecycle.onClose("api", () => api.stop());
  const workers = await startProgram("workers", { env, logDir });
  lifecycle.onClose("workers", () => workers.stop());
  return { api, workers };
}

/** Ends 0 only if every camera's expected candidates are stored and wait for a person. */
function reportOnce(
  options: UpOptions,
  cameras: readonly StartCamera[],
  seen: Awaited<ReturnType<WatchState["read"]>>,
): void {
  const results = cameras.map(({ camera, expected }) => {
    const found = seen.cameras.find(({ cameraId }) => cameraId === camera.id);
    const waiting = found?.waiting ?? 0;
    const analysed = found?.framesAnalysed ?? 0;
    const ok = analysed > 0 && waiting === (expected ?? found?.candidates ?? 0);
    return {
      cameraId: camera.id,
      expected,
      framesAnalysed: analysed,
      candidates: found?.candidates ?? 0,
      waiting,
      ok,
    };
  });
  const ok = results.every((result) => result.ok) && seen.failed.length === 0;
  if (options.json) {
    for (const result of results) emit({ type: "camera", ...result });
    emit({ type: "result", ok, failed: seen.failed });
  }
  for (const result of results) {
    say(
      `${result.ok ? "ok  " : "FAIL"} ${result.cameraId}: ${result.waiting} waiting for review, expected ${result.expected ?? "any"}, ${result.framesAnalysed} frames analysed`,
    );
  }
  for (const failure of seen.failed) say(`FAIL evidence ${failure}`);
  process.exitCode = ok ? 0 : 1;
}

function emit(line: object): void {
  console.log(JSON.stringify(line));
}

function say(line: string): void {
  console.error(line);
}
