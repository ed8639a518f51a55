/**
 * The program of an inference thread: owns ONNX Runtime sessions and runs one frame at a time. `run()` blocks
 * the thread that calls it, so this never happens where timers, leases or sockets live. Sessions are never let
 * go one by one, which leaks: a thread that holds some that nobody needs is replaced.
 */
import { parentPort } from "node:worker_threads";
import { InferenceError, ModelLoadError } from "./errors.ts";
import { OnnxModel } from "./onnx-model.ts";
import type { FromThread, ToThread } from "./thread-messages.ts";

const port = parentPort;
if (port === null) throw new Error("inference-thread runs as a worker thread only");

interface Session {
  readonly model: OnnxModel;
  readonly pixels: Uint8Array;
}

const sessions = new Map<number, Session>();

function post(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

async function load({ session, setup, frame }: ToThread & { type: "load" }): Promise<void> {
  try {
    // ONNX Runtime refuses shared memory: the copy lives only until the session is open.
    const bytes = Uint8Array.from(new Uint8Array(setup.graph));
    const model = await OnnxModel.load(bytes, setup.facts, setup.executionProviders);
    sessions.set(session, { model, pixels: new Uint8Array(frame) });
    post({ type: "loaded", provider: model.provider, skipped: model.skipped });
  } catch (error) {
    if (!(error instanceof ModelLoadError)) throw error;
    post({ type: "refused", code: error.code, message: error.message });
  }
}

async function detect(order: ToThread & { type: "detect" }): Promise<void> {
  const session = sessions.get(order.session);
  if (session === undefined)
    throw new Error(`a frame came for session ${order.session}, which is not loaded`);
  const { model, pixels } = session;
  try {
    const source = { width: order.sourceWidth, height: order.sourceHeight };
    const begun = performance.now();
    model.fill(pixels);
    const filled = performance.now();
    const outputs = await model.run();
    const ran = performance.now();
    const found = model.decode(outputs, source, order.minScore);
    const decodeMs = performance.now() - ran;
    post({ type: "found", found, fillMs: filled - begun, runMs: ran - filled, decodeMs }, [found.buffer]);
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    post({ type: "failed", code: error.code, message: error.message });
  }
}

async function obey(message: ToThread): Promise<void> {
  if (message.type === "load") return load(message);
  if (message.type === "detect") return detect(message);
  for (const { model } of sessions.values()) await model.release();
  port?.close();
}

// What obey() does not foresee ends the thread, and whoever waits for it is told why.
port.on("message", (message: ToThread) => void obey(message));
