import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { childEnv } from "../config/env.ts";
import { packageRoot } from "../runtime/version.ts";

export interface CliEnd {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `forewarn …` from the sources as a process of its own and waits for its end. Rejects when a signal ended it. */
export function runCli(
  args: readonly string[],
  at: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<CliEnd> {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const command = ["--import", tsx, join(packageRoot, "cli", "main.ts"), ...args];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      command,
      { cwd: at.cwd, env: childEnv(at.env), maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const exit = error === null ? 0 : error.code;
        if (typeof exit === "number") resolve({ exit, stdout, stderr });
        else reject(error ?? new Error("forewarn ended without an exit code"));
      },
    );
  });
}
