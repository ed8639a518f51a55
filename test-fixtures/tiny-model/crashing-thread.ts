/** Speaks as an inference thread that loads well and dies of its first frame. */
import { parentPort } from "node:worker_threads";
import type { FromThread, ToThread } from "../../pipeline/inference/thread-messages.ts";

parentPort?.on("message", (message: ToThread) => {
  if (message.type === "detect") throw new Error("out of memory, say");
  if (message.type === "close") parentPort?.close();
  else parentPort?.postMessage({ type: "loaded", provider: "none", skipped: [] } satisfies FromThread);
});
