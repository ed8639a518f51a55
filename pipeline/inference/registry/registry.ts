import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Fault, InvalidInputError, UsageError } from "../../domain/errors.ts";
import type { ModelSpec } from "../model-spec.ts";
import { manifestSchema } from "./manifest-schema.ts";

/** The models this installation knows of, whether their files are here or not. */
export interface ModelRegistry {
  /** Which id the alias `default` stands for. */
  readonly defaultId: string;
  readonly models: readonly ModelSpec[];
  /** Folder of the label files, beside the manifest. */
  readonly labelsDir: string;
}

/** Stands for the registry's default wherever a model id is asked for. */
export const DEFAULT_ALIAS = "default";

/**
 * Reads and checks models/manifest.json.
 *
 * @param manifestPath path of the file; the label files lie in `labels/` beside it
 * @throws InvalidInputError naming every fault
 */
export async function loadRegistry(manifestPath: string): Promise<ModelRegistry> {
  const parsed = manifestSchema.safeParse(parseJson(manifestPath, await readText(manifestPath)));
  if (!parsed.success) {
    throw new InvalidInputError(
      manifestPath,
      parsed.error.issues.map((issue): Fault => ({ path: pathText(issue.path), message: issue.message })),
    );
  }
  return {
    defaultId: parsed.data.default,
    models: parsed.data.models,
    labelsDir: join(dirname(manifestPath), "labels"),
  };
}

/**
 * The model with that id, or the default one for `default`.
 *
 * @throws UsageError listing the ids there are
 */
export function findModel(registry: ModelRegistry, id: string): ModelSpec {
  const wanted = id === DEFAULT_ALIAS ? registry.defaultId : id;
  const found = registry.models.find((spec) => spec.id === wanted);
  if (found !== undefined) return found;
  const known = [DEFAULT_ALIAS, ...registry.models.map((spec) => spec.id)].join(", ");
  throw new UsageError(`there is no model "${id}". Known: ${known}. models/README.md says how to add one.`);
}

/**
 * The model's labels, one per class index.
 *
 * @throws InvalidInputError when the label file is missing, or has an empty line or the same label twice
 */
export async function loadLabels(registry: ModelRegistry, spec: ModelSpec): Promise<readonly string[]> {
  const path = join(registry.labelsDir, `${spec.labels}.txt`);
  const labels = (await readText(path)).replace(/\r?\n$/, "").split(/\r?\n/);
  const faults = labels.flatMap((label, index): Fault[] => {
    const at = `line ${index + 1}`;
    if (label.trim() !== label || label === "")
      return [{ path: at, message: "one label a line, without spaces around it" }];
    return labels.indexOf(label) === index
      ? []
      : [{ path: at, message: `"${label}" stands on an earlier line already` }];
  });
  if (faults.length > 0) throw new InvalidInputError(path, faults);
  return labels;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const message = `cannot be read (${String(cause)}); it belongs to this installation, so install it again`;
    throw new InvalidInputError(path, [{ path: "", message }], { cause });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(path, [{ path: "", message: `is not JSON (${String(cause)})` }], { cause });
  }
}

/** `models[3].input.std` */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}
