import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a module as a worker thread, TypeScript or JavaScript. A thread does not inherit the loader that runs
 * TypeScript, and `execArgv: ["--import", "tsx"]` does nothing in a thread on Node 20 (tsx 4.23, measured), so
 * a JavaScript module registers tsx there and then imports the program. dist/ holds JavaScript only.
 */
export function spawnWorker(program: URL, options: WorkerOptions): Worker {
  if (!program.pathname.endsWith(".ts")) return new Worker(program, { ...options, execArgv: [] });
  const first = new URL("./typescript-worker.mjs", import.meta.url);
  return new Worker(first, { ...options, execArgv: [], argv: [program.href] });
}
