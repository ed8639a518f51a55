import { availableParallelism } from "node:os";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { z } from "zod";
import { type Config, childEnv, loadConfig } from "../../config/env.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import { createLogger } from "../../runtime/logger.ts";
import { runningServices } from "../../runtime/services/open-services.ts";
import { findTool } from "../../runtime/tools.ts";
import { fullPlan, quickPlan, runBench } from "../../scripts/bench/run-bench.ts";
import { summarise, summaryText } from "../../scripts/bench/summary.ts";
import { programCommand } from "../run-program.ts";

const options = z.object({
  clip: z.string().optional(),
  model: z.string(),
  cameras: z.coerce.number().int().min(2, "two at least: one alone is measured anyway").max(64).optional(),
  quick: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `forewarn bench`: what a frame costs, and how near that is to the limit. */
export function registerBench(program: Command): void {
  program
    .command("bench")
    .description(
      "measure what a frame costs here, how near that is to the limit, and how many cameras fit (性能测试)",
    )
    .option("--clip <file>", "real footage to make the test clip from (default: a drawn scene)")
    .option("--model <id>", "the detector", "default")
    .option("--cameras <n>", `cameras side by side in the pipeline (default: ${fullPlan.cameras})`)
    .option("--quick", "one short round, to see whether it runs: no figures to quote")
    .option("--json", "one JSON object a measurement, then a summary")
    .addHelpText(
      "after",
      `
Measures CPU time (user + system, ffmpeg included), in turn and over and over: every stage alone, the pipeline that
workers run, walls of 8, 16 and 32 cameras watched by key frames, and the same work as people usually put it
together (scripts/bench/peers, in a checkout). Takes about eleven minutes; leave the machine alone meanwhile.
docs/benchmark.md says what each figure means. Linux only.

Examples:
  forewarn bench
  forewarn bench --clip street.mp4 --model yolox-nano
  forewarn bench --json | tail -n 1 | jq .limitRatio

Exit codes: 0 measured · 1 a measurement failed · 2 wrong usage`,
    )
    .action(bench);
}

async function bench(input: unknown): Promise<void> {
  const parsed = options.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ path: `--${path.join(".")}`, message }));
    throw new InvalidInputError("bench", faults);
  }
  const { clip, model, cameras, quick, json } = parsed.data;
  const config = loadConfig();
  const base = quick ? quickPlan : fullPlan;
  const plan = { ...base, cameras: cameras ?? base.cameras };
  const ffmpegPath = findTool("ffmpeg", config);
  const ffprobePath = findTool("ffprobe", config);
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  process.once("SIGTERM", () => abort.abort());
  const progress = new Progress();
  try {
    const end = await runBench({
      plan,
      folder: join(config.dataDir, "bench"),
      footage: clip,
      modelId: model,
      modelsDir: config.modelsDir,
      executionProviders: config.executionProviders,
      threads: config.inferenceThreads ?? availableParallelism(),
      ffmpegPath,
      ffprobePath,
      env: childEnv,
      servers: await servers(config),
      // What a restarted capture says would run into the progress bar; a fault ends the bench anyway.
      log: createLogger({ name: "bench", level: config.logLevel === "info" ? "error" : config.logLevel }),
      signal: abort.signal,
      onStep: (name, done, total) => progress.show(name, done, total),
      onMeasurement: (measurement) => {
        if (json) console.log(JSON.stringify({ type: "measurement", ...measurement }));
      },
    });
    progress.stop();
    const summary = summarise(end, plan.cameras);
    console.log(json ? JSON.stringify(summary) : summaryText(summary).join("\n"));
  } finally {
    progress.stop();
  }
}

/** Where candidates can become incidents: configured servers, or those of a `forewarn up` here. */
async function servers(config: Config) {
  const { databaseUrl, redisUrl } = await runningServices(config);
  if (databaseUrl === undefined || redisUrl === undefined) return undefined;
  return { databaseUrl, redisUrl, worker: programCommand("workers", ["--roles", "evidence"]) };
}

/** A bar where somebody watches; nothing where nobody does. */
class Progress {
  #bar: SingleBar | undefined;

  show(name: string, done: number, total: number): void {
    if (!process.stderr.isTTY) return;
    this.#bar ??= startBar();
    this.#bar.setTotal(total);
    this.#bar.update(done, { name });
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

function startBar(): SingleBar {
  const bar = new SingleBar({
    format: "measuring {bar} {value}/{total} · {name}",
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(1, 0, { name: "" });
  return bar;
}
