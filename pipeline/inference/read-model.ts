import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ModelLoadError } from "./errors.ts";
import type { ModelSpec } from "./model-spec.ts";

/**
 * The file's bytes, once for all threads, after their checksum has been compared.
 *
 * @throws ModelLoadError `model.file_missing`, `model.sha_mismatch`
 */
export async function readModel(spec: ModelSpec, modelPath: string): Promise<SharedArrayBuffer> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(modelPath);
  } catch (cause) {
    throw new ModelLoadError(
      "model.file_missing",
      `model ${spec.id}: ${modelPath} cannot be read. Run \`forewarn models pull ${spec.id}\`.`,
      { cause },
    );
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== spec.sha256) {
    throw new ModelLoadError(
      "model.sha_mismatch",
      `model ${spec.id}: ${modelPath} has sha256 ${sha256}, the registry says ${spec.sha256}. It is not loaded. Delete it and run \`forewarn models pull ${spec.id}\`.`,
    );
  }
  return toShared(bytes);
}

export function toShared(bytes: Uint8Array): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
