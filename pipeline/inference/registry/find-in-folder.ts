import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../domain/errors.ts";
import type { ModelSpec } from "../model-spec.ts";
import { ModelInstallError } from "./errors.ts";
import { sha256OfFile } from "./file-hash.ts";

/**
 * Path of the model's file in a folder: the .onnx with the right sha256, whatever its name. Only the folder itself
 * is searched, not what is below it.
 *
 * @throws UsageError when the folder cannot be read
 * @throws ModelInstallError `model.sha_mismatch` when the file of the model's name has another content,
 *   `model.not_in_folder` when nothing there fits
 */
export async function findInFolder(spec: ModelSpec, folder: string): Promise<string> {
  const names = (await list(folder)).filter((name) => name.endsWith(".onnx")).sort();
  // The one that is called so first: usually no other has to be read.
  const byName = names.includes(spec.file) ? [spec.file] : [];
  let named: string | undefined;
  for (const name of [...byName, ...names.filter((other) => other !== spec.file)]) {
    const path = join(folder, name);
    const sha256 = await sha256OfFile(path);
    if (sha256 === spec.sha256) return path;
    if (name === spec.file) named = sha256;
  }
  if (named !== undefined) {
    throw new ModelInstallError(
      "model.sha_mismatch",
      `model ${spec.id}: ${join(folder, spec.file)} has sha256 ${named}, expected ${spec.sha256}. It was not installed; no other .onnx in ${folder} fits either. Get the right file and run the same command again.`,
    );
  }
  throw new ModelInstallError(
    "model.not_in_folder",
    `model ${spec.id}: ${folder} has neither ${spec.file} nor another .onnx file with sha256 ${spec.sha256} (${names.length} looked at). Put the file there and run the same command again.`,
  );
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new UsageError(
      `${folder} cannot be read (${String(cause)}): give --from a folder that holds .onnx files.`,
      { cause },
    );
  }
}
