import { execFile } from "node:child_process";

const WITHIN_MS = 15_000;

/** What a program writes to stdout, or undefined when it cannot be started, fails or takes too long. */
export function outputOf(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { timeout: WITHIN_MS, killSignal: "SIGKILL", maxBuffer: 8 << 20, encoding: "utf8" },
      (error, stdout) => resolve(error === null ? stdout : undefined),
    );
  });
}
