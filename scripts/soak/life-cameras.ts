/**
 * The program of life.ts. Everything runs in this process but ffmpeg: resident memory, open files, child processes and
 * array buffers are sampled, and the slope after warm-up is printed with its uncertainty. Needs what `npm run setup`
 * brings.
 */

import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { loadCameraFile } from "../../config/camera-file.ts";
import { loadConfig } from "../../config/env.ts";
import { newId } from "../../runtime/ids.ts";
import { Lifecycle } from "../../runtime/lifecycle.ts";
import { openServices } from "../../runtime/services/open-services.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { packageRoot } from "../../runtime/version.ts";
import { putCamera } from "../../store/camera-store.ts";
import { migrate } from "../../store/migrate.ts";
import { withTx } from "../../store/pool.ts";
import { createWorkerContext } from "../../workers/context.ts";
import { keepArmed } from "../../workers/keep-armed.ts";
import { startRole } from "../../workers/start-role.ts";
import { medianPerUnit, slopeOf } from "./slope.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    cameras: { type: "string", default: "4" },
    "reload-minutes": { type: "string", default: "4" },
    json: { type: "boolean", default: false },
  },
});
const MINUTE_MS = 60_000;
const SAMPLE_MS = 5_000;
/** Memory settles as caches fill: the first part is not counted. */
const WARM_UP_SHARE = 0.3;
/** How often each stream is cut. */
const CUT_MS = 90_000;

const say = (line: string) => void process.stderr.write(`${line}\n`);
const minutes = Number(values.minutes);
/** How often the model is loaded anew. */
const reloadMs = Number(values["reload-minutes"]) * MINUTE_MS;
const dataDir = await mkdtemp(join(tmpdir(), "forewarn-life-"));
const closers: (() => unknown)[] = [() => rm(dataDir, { recursive: true, force: true })];
try {
  const base = { ...loadConfig(), dataDir, databaseUrl: undefined, redisUrl: undefined };
  const services = await openServices(base, { log: say });
  closers.push(() => services.stop());
  await migrate(services.databaseUrl);

  const footage = await sampleFootage();
  const streams = new Set<ServerResponse>();
  const camera = createServer((_req, res) => {
    const args = [
      "-v",
      "error",
      "-re",
      "-stream_loop",
      "-1",
      "-i",
      footage,
      "-c:v",
      "mpeg2video",
      "-q:v",
      "5",
    ];
    const source = spawn("ffmpeg", ["-nostdin", ...args, "-g", "10", "-f", "mpegts", "pipe:1"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    streams.add(res);
    source.stdout.pipe(res);
    res.once("close", () => {
      streams.delete(res);
      source.kill("SIGKILL");
    });
  });
  await new Promise<void>((resolve) => camera.listen(0, "127.0.0.1", resolve));
  closers.push(() => camera.close());
  const url = `http://127.0.0.1:${(camera.address() as AddressInfo).port}/camera.ts`;

  const lifecycle = new Lifecycle();
  const config = { ...base, databaseUrl: services.databaseUrl, redisUrl: services.redisUrl };
  const context = await createWorkerContext(config, pino({ level: "fatal" }), lifecycle);
  closers.push(() => lifecycle.close());
  const sample = await loadCameraFile(join(packageRoot, "config", "sample", "camera-parking.yaml"));
  for (let at = 0; at < Number(values.cameras); at += 1) {
    const source = { url, transport: "tcp", pace: "live", loop: false } as const;
    const one = { ...sample, id: `life-${at + 1}`, source, analysis: { ...sample.analysis, fps: 1 } };
    const act = { actor: { kind: "system", name: "life" }, scope: "every", at: Date.now(), newId } as const;
    await withTx(context.pool, (tx) => putCamera(tx, act, { camera: one, enabled: true }));
  }
  await keepArmed(context, ["camera", "evidence"], lifecycle);
  startRole(context, "camera", lifecycle);
  startRole(context, "evidence", lifecycle);

  const startedAt = Date.now();
  const samples: {
    minute: number;
    rssMiB: number;
    buffersMiB: number;
    heapMiB: number;
    files: number;
    children: number;
  }[] = [];
  let cutAt = startedAt;
  let reloadAt = startedAt;
  let cuts = 0;
  let reloads = 0;
  while (Date.now() - startedAt < minutes * MINUTE_MS) {
    await sleep(SAMPLE_MS);
    const now = Date.now();
    if (now - cutAt >= CUT_MS) {
      cutAt = now;
      cuts += 1;
      for (const stream of streams) stream.destroy();
    }
    if (now - reloadAt >= reloadMs) {
      reloadAt = now;
      reloads += 1;
      await context.detectors.reload();
    }
    const { rss, arrayBuffers, heapTotal } = process.memoryUsage();
    const sample = {
      minute: (now - startedAt) / MINUTE_MS,
      rssMiB: rss / 2 ** 20,
      buffersMiB: arrayBuffers / 2 ** 20,
      heapMiB: heapTotal / 2 ** 20,
      files: (await readdir("/proc/self/fd")).length,
      children: (await readdir(context.childrenDir)).length,
    };
    samples.push(sample);
    if (samples.length % 12 === 0)
      say(
        `${sample.minute.toFixed(1)} min: ${sample.rssMiB.toFixed(0)} MiB (heap ${sample.heapMiB.toFixed(0)} MiB), ${sample.files} files, ${sample.children} children, ${cuts} cuts, ${reloads} reloads`,
      );
  }
  const warm = samples.filter(({ minute }) => minute >= minutes * WARM_UP_SHARE);
  const slope = (key: "rssMiB" | "buffersMiB" | "heapMiB" | "files" | "children") =>
    slopeOf(medianPerUnit(warm.map((sample) => ({ x: sample.minute, y: sample[key] }))));
  const result = {
    type: "life",
    minutes,
    cuts,
    reloads,
    samples: warm.length,
    perMinute: {
      rssMiB: slope("rssMiB"),
      buffersMiB: slope("buffersMiB"),
      heapMiB: slope("heapMiB"),
      files: slope("files"),
      children: slope("children"),
    },
    last: samples.at(-1),
  };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
} finally {
  for (const close of closers.reverse()) await close();
}
