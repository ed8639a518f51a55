import { once } from "node:events";
import { extname } from "node:path";
import { ModelLoadError } from "../errors.ts";
import { spawnWorker } from "../spawn-worker.ts";
import type { ChosenPlan } from "./choose-plan.ts";
import type { FromPreparation, PreparationSetup } from "./prepare-messages.ts";

const PROGRAM = new URL(`./prepare-thread${extname(import.meta.url)}`, import.meta.url);

/**
 * Prepares a graph in a thread of its own and waits for its end.
 *
 * @throws ModelLoadError when the model's file is refused; Error when the thread crashes
 */
export async function prepareGraph(setup: PreparationSetup): Promise<ChosenPlan> {
  const worker = spawnWorker(PROGRAM, { workerData: setup, name: `prepare ${setup.request.spec.id}` });
  let message: FromPreparation | undefined;
  worker.once("message", (answer: FromPreparation) => {
    message = answer;
  });
  // Rejects with the thread's own error when it crashes.
  await once(worker, "exit");
  if (message === undefined)
    throw new Error(`the thread that prepares ${setup.request.spec.id} said nothing`);
  if (message.type === "refused") throw new ModelLoadError(message.code, message.message);
  return message;
}
