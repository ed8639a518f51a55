import type { ModelSpec } from "../model-spec.ts";
import { ModelInstallError } from "./errors.ts";

/** The part of the global `fetch` that is used. */
export type Fetch = (url: string, init: { signal: AbortSignal }) => Promise<Response>;

/** Nothing new for this long: the other side has gone. */
const STALLED_MS = 60_000;

/**
 * The bytes behind a URL as they come in.
 *
 * @throws ModelInstallError `model.download_failed` when there is no answer, a refusal, or the stream ends early
 */
export async function* download(spec: ModelSpec, url: string, fetchUrl: Fetch): AsyncGenerator<Uint8Array> {
  const abort = new AbortController();
  const watchdog = setTimeout(
    () => abort.abort(new Error(`nothing came for ${STALLED_MS / 1000} s`)),
    STALLED_MS,
  );
  try {
    const response = await fetchUrl(url, { signal: abort.signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status}`);
    }
    for await (const chunk of response.body) {
      watchdog.refresh();
      yield chunk;
    }
  } catch (cause) {
    throw new ModelInstallError(
      "model.download_failed",
      `model ${spec.id}: ${url} cannot be downloaded (${reasonOf(cause)}). Try again, or get ${spec.file} on another machine and run \`npx forewarn models pull ${spec.id} --from DIR\`.`,
      { cause },
    );
  } finally {
    clearTimeout(watchdog);
  }
}

/** `fetch` says only "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
