/** The program of a thread that prepares one graph and ends: what ONNX Runtime leaks meanwhile goes with it. */
import { parentPort, workerData } from "node:worker_threads";
import { ModelLoadError } from "../errors.ts";
import { choosePlan } from "./choose-plan.ts";
import type { FromPreparation, PreparationSetup } from "./prepare-messages.ts";

const port = parentPort;
if (port === null) throw new Error("prepare-thread runs as a worker thread only");

const { model, request, executionProviders } = workerData as PreparationSetup;

async function answer(): Promise<FromPreparation> {
  try {
    // ONNX Runtime refuses shared memory.
    const bytes = Uint8Array.from(new Uint8Array(model));
    return { type: "prepared", ...(await choosePlan(bytes, request, executionProviders)) };
  } catch (error) {
    if (!(error instanceof ModelLoadError)) throw error;
    return { type: "refused", code: error.code, message: error.message };
  }
}

port.postMessage(await answer());
