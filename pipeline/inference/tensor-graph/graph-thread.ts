/**
 * The program of a thread that runs graphs on whole tensors: text finding and reading, where the size of the picture
 * differs from one run to the next. One run at a time; a run blocks this thread and no other.
 */
import { parentPort, workerData } from "node:worker_threads";
import * as ort from "onnxruntime-node";
import { openSession } from "../open-session.ts";
import type { FromGraphThread, TensorGraphSetup, ToGraphThread } from "./messages.ts";

const port = parentPort;
if (port === null) throw new Error("graph-thread runs as a worker thread only");

const setup = workerData as TensorGraphSetup;
const sessions = new Map<string, ort.InferenceSession>();
for (const { id, file, bytes } of setup.graphs) {
  // ONNX Runtime refuses shared memory.
  const own = Uint8Array.from(new Uint8Array(bytes));
  const { session } = await openSession(own, { id, file }, setup.executionProviders);
  sessions.set(id, session);
}

function post(message: FromGraphThread, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

async function run({ order, graph, input }: ToGraphThread & { type: "run" }): Promise<void> {
  try {
    const session = sessions.get(graph);
    const [name] = session?.inputNames ?? [];
    const [wanted] = session?.outputNames ?? [];
    if (session === undefined || name === undefined || wanted === undefined)
      throw new Error(`there is no graph "${graph}" with an input and an output`);
    const tensor = new ort.Tensor("float32", input.data, [...input.dims]);
    const output = (await session.run({ [name]: tensor }, [wanted]))[wanted];
    if (output === undefined || output.type !== "float32")
      throw new Error(`${wanted} is no tensor of floats`);
    // A copy: the tensor's own memory may belong to ONNX Runtime, which cannot be given away.
    const data = Float32Array.from(output.data as Float32Array);
    post({ type: "ran", order, output: { data, dims: output.dims } }, [data.buffer]);
  } catch (error) {
    post({ type: "failed", order, reason: error instanceof Error ? error.message : String(error) });
  }
}

async function obey(message: ToGraphThread): Promise<void> {
  if (message.type === "run") return run(message);
  for (const session of sessions.values()) await session.release();
  port?.close();
}

// One after the other: a session must not be let go while a run is about to begin.
let last = Promise.resolve();
port.on("message", (message: ToGraphThread) => {
  last = last.then(() => obey(message));
});
post({ type: "ready" });
