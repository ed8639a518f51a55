import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { loadConfig } from "../../config/env.ts";
import { InvalidInputError } from "../../pipeline/domain/errors.ts";
import type { Detector } from "../../pipeline/domain/ports.ts";
import type { Detection } from "../../pipeline/domain/types.ts";
import { readPicture, UnreadablePictureError } from "../../pipeline/inference/picture.ts";
import { findModel, loadRegistry } from "../../pipeline/inference/registry/registry.ts";
import { openDetector } from "../../pipeline/open-detector.ts";
import { createLogger } from "../../runtime/logger.ts";
import { packageRoot } from "../../runtime/version.ts";

const EXAMPLES = `
Examples:
  $ forewarn detect street.jpg                                  a table for people
  $ forewarn detect --model yolox-nano --min-score 0.5 *.jpg
  $ forewarn detect --json photos/*.jpg > detections.jsonl      one JSON line per image

Boxes are x1, y1, x2, y2, 0–1 of the upright picture. A detection (检测) is what a model takes a picture to show,
never a finding about anybody. An image that cannot be read is named on stderr, the others are still done, exit 1.`;

const options = z.object({
  model: z.string().min(1),
  minScore: z.coerce.number("give a number from 0 to 1").min(0).max(1).optional(),
  json: z.boolean().default(false),
});

/** `forewarn detect`: what a model sees in picture files. */
export function registerDetect(program: Command): void {
  program
    .command("detect <image...>")
    .description("what a model sees in picture files (目标检测)")
    .option("--model <id>", "a model of the registry; see: forewarn models list", "default")
    .option("--min-score <score>", "leave out what the model is less sure of, 0–1 (default: the model's own)")
    .option("--json", "one JSON line per image")
    .addHelpText("after", EXAMPLES)
    .action(runDetect);
}

async function runDetect(images: string[], input: unknown): Promise<void> {
  const parsed = options.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({
      path: path.join(".") === "minScore" ? "--min-score" : `--${path.join(".")}`,
      message,
    }));
    throw new InvalidInputError("detect", faults);
  }
  const config = loadConfig();
  const spec = findModel(await loadRegistry(join(packageRoot, "models", "manifest.json")), parsed.data.model);
  const minScore = parsed.data.minScore ?? spec.suggestedThreshold;
  const threads = Math.min(images.length, config.inferenceThreads ?? availableParallelism());
  const detector = await openDetector({
    modelId: spec.id,
    modelsDir: join(config.dataDir, "models"),
    packageRoot,
    executionProviders: config.executionProviders,
    threads,
    log: createLogger({ name: "detect", level: config.logLevel === "info" ? "warn" : config.logLevel }),
  });
  try {
    for await (const judged of inOrder(images, threads + 1, (image) => judge(detector, image, minScore))) {
      if ("error" in judged) {
        if (!(judged.error instanceof UnreadablePictureError)) throw judged.error;
        console.error(`forewarn: ${judged.error.message}`);
        process.exitCode = 1;
      } else {
        console.log(parsed.data.json ? JSON.stringify(lineOf(judged)) : tableOf(judged));
      }
    }
  } finally {
    await detector.close();
  }
}

interface Judged {
  readonly image: string;
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
}

/** Never rejects: several images are under way at once, and one that fails must wait for its turn to be told. */
async function judge(
  detector: Detector,
  image: string,
  minScore: number,
): Promise<Judged | { readonly error: unknown }> {
  try {
    const picture = await readPicture(image, detector.format);
    const detections = await detector.detect(picture, minScore);
    return { image, width: picture.sourceWidth, height: picture.sourceHeight, detections };
  } catch (error) {
    return { error };
  }
}

/** Results in the order of the inputs, while up to `ahead` of them are being worked on. */
async function* inOrder<I, O>(
  inputs: readonly I[],
  ahead: number,
  work: (input: I) => Promise<O>,
): AsyncGenerator<O> {
  const underWay: Promise<O>[] = [];
  for (const input of inputs) {
    underWay.push(work(input));
    const oldest = underWay.length < ahead ? undefined : underWay.shift();
    if (oldest !== undefined) yield await oldest;
  }
  for (const rest of underWay) yield await rest;
}

/** The line other people's scripts read; its shape is fixed. */
function lineOf({ image, width, height, detections }: Judged): object {
  const rounded = detections.map(({ label, score, box }) => ({
    label,
    score: round(score),
    box: box.map(round),
  }));
  return { image, width, height, detections: rounded };
}

function tableOf({ image, width, height, detections }: Judged): string {
  const labelWidth = Math.max(...detections.map(({ label }) => label.length));
  const rows = detections.map(({ label, score, box }) => {
    const corners = box.map((value) => value.toFixed(3)).join(" ");
    return `  ${label.padEnd(labelWidth)}  ${score.toFixed(2)}  ${corners}`;
  });
  const found = detections.length === 0 ? "nothing found" : `${detections.length} found`;
  return [`${image} (${width} × ${height}): ${found}`, ...rows].join("\n");
}

/** A thousandth of a pixel in a 4K picture is nothing; sixteen digits help nobody. */
function round(value: number): number {
  return Number(value.toFixed(5));
}
