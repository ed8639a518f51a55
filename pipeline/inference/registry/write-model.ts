import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../domain/errors.ts";
import type { ModelSpec } from "../model-spec.ts";
import { ModelInstallError } from "./errors.ts";

/** Called as the file comes in. */
export type OnProgress = (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;

/**
 * Writes a model's file beside its place, compares its sha256, and only then moves it there in one step: another
 * program sees the old file or the whole new one, and a file that does not fit never gets its name.
 *
 * @param from where the bytes come from, for the message when they are not the right ones
 * @returns the file's path
 * @throws ModelInstallError `model.sha_mismatch`, `model.write_failed`; whatever `chunks` throws
 */
export async function writeModel(
  spec: ModelSpec,
  modelsDir: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  from: string,
  onProgress?: OnProgress,
): Promise<string> {
  const path = join(modelsDir, spec.file);
  const temporary = join(modelsDir, `.${spec.file}.${randomUUID()}.part`);
  try {
    await mkdir(modelsDir, { recursive: true });
    const sha256 = await writeChunks(spec, temporary, chunks, from, onProgress);
    if (sha256 !== spec.sha256) throw wrongContent(spec, from, `sha256 ${sha256}`);
    await rename(temporary, path);
    return path;
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof AppError) throw cause;
    throw new ModelInstallError(
      "model.write_failed",
      `model ${spec.id}: ${path} cannot be written (${String(cause)}). Make room or correct the rights of ${modelsDir}, or choose another folder with FOREWARN_DATA_DIR.`,
      { cause },
    );
  }
}

async function writeChunks(
  spec: ModelSpec,
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  from: string,
  onProgress: OnProgress | undefined,
): Promise<string> {
  const file = await open(path, "wx");
  try {
    const hash = createHash("sha256");
    let doneBytes = 0;
    for await (const chunk of chunks) {
      doneBytes += chunk.byteLength;
      // A wrong address may send without end; the registry knows how much there is to come.
      if (doneBytes > spec.sizeBytes) throw wrongContent(spec, from, `more than ${spec.sizeBytes} bytes`);
      hash.update(chunk);
      await file.writeFile(chunk);
      onProgress?.({ doneBytes, totalBytes: spec.sizeBytes });
    }
    await file.sync();
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

function wrongContent(spec: ModelSpec, from: string, found: string): ModelInstallError {
  return new ModelInstallError(
    "model.sha_mismatch",
    `model ${spec.id}: ${from} has ${found}, expected sha256 ${spec.sha256}. It was not installed. Get the right file and run \`npx forewarn models pull ${spec.id} --from DIR\`.`,
  );
}
