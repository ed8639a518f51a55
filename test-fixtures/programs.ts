import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { childEnv } from "../config/env.ts";
import { packageRoot } from "../runtime/version.ts";

/** One of our programs as a real process of its own. */
export interface TestProgram {
  readonly child: ChildProcess;
  /** The message it sent when it was ready. */
  readonly ready: unknown;
  readonly ended: Promise<void>;
  /** SIGTERM, and wait. */
  stop(): Promise<void>;
  /** SIGKILL, and wait: what a power cut looks like from outside. */
  kill(): Promise<void>;
}

/** @param name a program, or the path of a script of ours below the repository's folder */
export async function startTestProgram(
  name: "api" | "workers" | `${string}.ts`,
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<TestProgram> {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const child = spawn(
    process.execPath,
    ["--import", tsx, join(packageRoot, name.endsWith(".ts") ? name : `${name}/main.ts`), ...args],
    {
      env: childEnv(env),
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    },
  );
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ready = await Promise.race([
    new Promise<unknown>((resolve) => child.once("message", resolve)),
    ended.then(() => Promise.reject(new Error(`${name} ended before it was ready:\n${said}`))),
  ]);
  const end = (signal: NodeJS.Signals) => async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return { child, ready, ended, stop: end("SIGTERM"), kill: end("SIGKILL") };
}
