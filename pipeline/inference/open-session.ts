import * as ort from "onnxruntime-node";
import { ModelLoadError } from "./errors.ts";
import type { ModelSpec } from "./model-spec.ts";

/** A provider that was asked for and did not load. */
export interface SkippedProvider {
  readonly provider: string;
  readonly reason: string;
}

export interface OpenSession {
  readonly session: ort.InferenceSession;
  readonly provider: string;
  readonly skipped: readonly SkippedProvider[];
}

/**
 * Opens the model on the first execution provider of the list that loads. ONNX Runtime itself fails at the
 * first one of a list that does not, so each is tried alone.
 *
 * @throws ModelLoadError `model.corrupt` when the CPU, which is always there, cannot read the file;
 *   `model.no_execution_provider` when none of the list loads
 */
export async function openSession(
  bytes: Uint8Array,
  spec: Pick<ModelSpec, "id" | "file">,
  providers: readonly string[],
): Promise<OpenSession> {
  const skipped: SkippedProvider[] = [];
  for (const provider of providers) {
    try {
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: [provider],
        // One thread a session: several sessions share the cores better than one session's spinning threads do.
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: "sequential",
        // Errors reach us as exceptions; warnings about a graph's own oddities help nobody who watches a street.
        logSeverityLevel: 4,
      });
      return { session, provider, skipped };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (provider === "cpu") {
        throw new ModelLoadError(
          "model.corrupt",
          `model ${spec.id}: ${spec.file} is not a model that ONNX Runtime can read (${reason}). Delete it and run \`forewarn models pull ${spec.id}\`.`,
          { cause },
        );
      }
      skipped.push({ provider, reason });
    }
  }
  const tried = skipped.map(({ provider, reason }) => `${provider} (${reason})`).join("; ");
  throw new ModelLoadError(
    "model.no_execution_provider",
    `model ${spec.id}: none of the execution providers loads: ${tried || "the list is empty"}. Known here: ${knownProviders()}. Set FOREWARN_EXECUTION_PROVIDERS, e.g. to "cpu".`,
  );
}

function knownProviders(): string {
  return ort
    .listSupportedBackends()
    .map(({ name }) => name)
    .join(", ");
}
