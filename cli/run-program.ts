import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { childEnv } from "../config/env.ts";

/** Programs of ours that run as processes of their own: `cli` never imports them. */
export type Program = "api" | "workers";

const own = fileURLToPath(import.meta.url);

/** How to start a program the way we run ourselves: from the sources through tsx, or from dist/. */
export function programCommand(
  program: Program,
  args: readonly string[],
): { command: string; args: string[] } {
  const main = join(own, "..", "..", program, `main${extname(own)}`);
  const loader = extname(own) === ".ts" ? ["--import", createRequire(own).resolve("tsx")] : [];
  return { command: process.execPath, args: [...loader, main, ...args] };
}

/** Runs a program in the foreground and ends as it ends. */
export async function becomeProgram(program: Program, args: readonly string[]): Promise<void> {
  const { command, args: all } = programCommand(program, args);
  const child = spawn(command, all, { stdio: "inherit", env: childEnv({}) });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGTERM", forward);
  // The terminal sends Ctrl-C to both of us; we only wait.
  process.on("SIGINT", () => undefined);
  process.exitCode = await exitCodeOf(child);
}

export function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)),
    );
  });
}
