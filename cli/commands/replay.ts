import { join } from "node:path";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { z } from "zod";
import { loadCameraFile } from "../../config/camera-file.ts";
import { loadConfig } from "../../config/env.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { ReplayedCandidate } from "../../pipeline/replay.ts";
import { treeCpuMs } from "../../runtime/cpu-time.ts";
import { createLogger } from "../../runtime/logger.ts";
import { replayClip } from "../replay-clip.ts";

const EXAMPLES = `
Examples:
  $ forewarn replay street.mp4 --camera cam-001.yaml --out out/
  $ forewarn replay street.mp4 --camera cam-001.yaml --out out/ --model yolox-nano --json
  $ forewarn replay night.mkv --camera cam-001.yaml --out out/ --start 2026-11-22T22:10:00+08:00

The clip's first frame counts as taken at --start (default 2026-01-01 12:00 Beijing time), so the same clip,
camera file and model give the same lines every time. Every candidate (疑似线索) leaves a sealed bundle in --out;
check one with: forewarn verify out/cnd_…`;

const options = z.object({
  camera: z.string(),
  out: z.string(),
  start: z.iso.datetime({
    offset: true,
    error: "give a date and time with its zone: 2026-01-01T12:00:00+08:00",
  }),
  model: z.string().optional(),
  json: z.boolean().default(false),
});

/** `forewarn replay`: the whole pipeline on a recorded clip; no database, no Redis. */
export function registerReplay(program: Command): void {
  program
    .command("replay <clip>")
    .description("run the whole pipeline on a recorded clip (回放), as fast as the machine goes")
    .requiredOption("--camera <file>", "camera file: zones and rules (YAML or JSON)")
    .requiredOption("--out <folder>", "where the sealed bundles go")
    .option("--start <instant>", "when the clip's first frame was taken", "2026-01-01T12:00:00+08:00")
    .option("--model <id>", "another model than the camera file names")
    .option("--json", "one JSON line per candidate, then a summary line")
    .addHelpText("after", EXAMPLES)
    .action(runReplay);
}

async function runReplay(clip: string, input: unknown): Promise<void> {
  const parsed = options.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ path: `--${path.join(".")}`, message }));
    throw new InvalidInputError("replay", faults);
  }
  const { out, start, json } = parsed.data;
  const began = { at: process.hrtime.bigint(), cpuMs: treeCpuMs() };
  const config = loadConfig();
  const log = createLogger({ name: "replay", level: config.logLevel === "info" ? "warn" : config.logLevel });
  const loaded = await loadCameraFile(parsed.data.camera);
  const camera = {
    ...loaded,
    analysis: { ...loaded.analysis, model: parsed.data.model ?? loaded.analysis.model },
  };
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  process.once("SIGTERM", () => abort.abort());
  let bar: SingleBar | undefined;
  try {
    const { candidates, summary, durationSec } = await replayClip({
      clip,
      camera,
      out,
      startedAtMs: Date.parse(start),
      config,
      log,
      signal: abort.signal,
      onOpen: (length) => {
        bar = progressBar(length);
      },
      onFrame: (at) => bar?.update(at.ptsSec),
    });
    bar?.stop();
    const lines = candidates.map((found) => lineOf(found, out));
    for (const line of lines) console.log(json ? JSON.stringify(line) : describe(line));
    const total = {
      type: "summary",
      durationSec,
      framesDecoded: summary.framesDecoded,
      framesAnalysed: summary.framesAnalysed,
      wallMs: Number((process.hrtime.bigint() - began.at) / 1_000_000n),
      cpuMs: Math.round(treeCpuMs() - began.cpuMs),
      candidates: lines.length,
    };
    if (json) console.log(JSON.stringify(total));
    else
      console.error(
        `${total.framesAnalysed} frames analysed in ${total.wallMs} ms, ${total.candidates} candidates`,
      );
    if (abort.signal.aborted || summary.framesAnalysed === 0) process.exitCode = 1;
    if (summary.missingSec > 0) {
      console.error(
        `${clip}: the last ${summary.missingSec.toFixed(1)} s could not be read; what came before was analysed.`,
      );
      process.exitCode = 1;
    }
  } finally {
    bar?.stop();
  }
}

function progressBar(durationSec: number | null): SingleBar | undefined {
  if (!process.stderr.isTTY || durationSec === null) return undefined;
  const bar = new SingleBar({
    format: "replaying {bar} {value}/{total} s · {eta} s left",
    stream: process.stderr,
    hideCursor: true,
    formatValue: (value, _options, type) =>
      type === "value" || type === "total" ? value.toFixed(0) : String(value),
  });
  bar.start(durationSec, 0);
  return bar;
}

/** The line other people's scripts read; its shape is fixed. */
function lineOf({ candidate, endedAt }: ReplayedCandidate, out: string) {
  const iso = (ms: number) => new Date(ms).toISOString();
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    type: "candidate",
    candidateId: candidate.candidateId,
    violation: candidate.violation,
    ruleId: candidate.ruleId,
    zoneId: candidate.zoneId,
    trackIds: candidate.trackIds,
    label: candidate.label,
    score: round(candidate.score, 4),
    startedAt: iso(candidate.startedAt.capturedAt),
    triggeredAt: iso(candidate.triggeredAt.capturedAt),
    endedAt: endedAt === null ? null : iso(endedAt.capturedAt),
    startSec: round(candidate.startedAt.ptsSec, 3),
    triggerSec: round(candidate.triggeredAt.ptsSec, 3),
    endSec: endedAt === null ? null : round(endedAt.ptsSec, 3),
    dwellMs: Math.round(candidate.dwellMs),
    unobservedMs: Math.round(candidate.unobservedMs),
    box: candidate.box.map((value) => round(value, 4)),
    bundle: join(out, candidate.candidateId),
  };
}

function describe(line: ReturnType<typeof lineOf>): string {
  const until = line.endSec === null ? "still there at the end" : `until ${line.endSec} s`;
  return `${line.violation}: ${line.label} in ${line.zoneId} from ${line.startSec} s, triggered at ${line.triggerSec} s, ${until} → ${line.bundle}`;
}
