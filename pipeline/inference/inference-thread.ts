/**
 * The program of an inference thread: owns one ONNX Runtime session. `run()` blocks the thread that calls it,
 * so this never happens where timers, leases or sockets live.
 */
import { parentPort, workerData } from "node:worker_threads";
import { InferenceError, ModelLoadError } from "./errors.ts";
import { OnnxModel } from "./onnx-model.ts";
import type { FromThread, ThreadSetup, ToThread } from "./thread-messages.ts";

const port = parentPort;
if (port === null) throw new Error("inference-thread runs as a worker thread only");

const setup = workerData as ThreadSetup;
const pixels = new Uint8Array(setup.frame);

function post(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

async function load(): Promise<OnnxModel | undefined> {
  try {
    // ONNX Runtime refuses shared memory: the copy lives only until the session is open.
    const bytes = Uint8Array.from(new Uint8Array(setup.model));
    return await OnnxModel.load(bytes, setup.spec, setup.labelCount, setup.executionProviders);
  } catch (error) {
    if (!(error instanceof ModelLoadError)) throw error;
    post({ type: "refused", code: error.code, message: error.message });
    return undefined;
  }
}

async function detect(model: OnnxModel, order: ToThread & { type: "detect" }): Promise<void> {
  try {
    const source = { width: order.sourceWidth, height: order.sourceHeight };
    const found = await model.infer(pixels, source, order.minScore);
    post({ type: "found", found }, [found.buffer]);
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    post({ type: "failed", code: error.code, message: error.message });
  }
}

async function obey(model: OnnxModel, message: ToThread): Promise<void> {
  if (message.type === "detect") return detect(model, message);
  await model.release();
  port?.close();
}

const model = await load();
if (model === undefined) {
  port.close();
} else {
  // What obey() does not foresee ends the thread, and whoever waits for it is told why.
  port.on("message", (message: ToThread) => void obey(model, message));
  post({ type: "ready", provider: model.provider, skipped: model.skipped });
}
