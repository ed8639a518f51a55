import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { childEnv } from "../../config/env.ts";
import { AppError } from "../../pipeline/domain/errors.ts";
import { exitCodeOf, type Program, programCommand } from "../run-program.ts";

class ProgramEndedError extends AppError {
  readonly code = "up.program_ended";
}

/** A program of ours running as a child; its log goes to a file so that the progress view stays readable. */
export interface RunningProgram {
  readonly name: Program;
  readonly logPath: string;
  /** The first message it sends when it is ready. */
  readonly ready: unknown;
  /** Settles when it has ended, whyever. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

const GRACE_MS = 15_000;

/** Starts a program and waits until it says that it is ready. */
export async function startProgram(
  name: Program,
  options: { env: Record<string, string>; logDir: string },
): Promise<RunningProgram> {
  await mkdir(options.logDir, { recursive: true });
  const logPath = join(options.logDir, `${name}.log`);
  const log = createWriteStream(logPath, { flags: "w", mode: 0o600 });
  const { command, args } = programCommand(name, []);
  const child = spawn(command, args, {
    env: childEnv(options.env),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Out of the terminal's group: Ctrl-C reaches us, and we end our children in order.
    detached: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let tail = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString("utf8")).slice(-4_000);
  });
  const ended = exitCodeOf(child).finally(() => log.end());
  const ready = await Promise.race([
    firstMessage(child),
    ended.then((code) => failedToStart(name, code, tail, logPath)),
  ]);
  return {
    name,
    logPath,
    ready,
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      await ended.finally(() => clearTimeout(force));
    },
  };
}

function firstMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once("message", resolve));
}

function failedToStart(name: Program, code: number, tail: string, logPath: string): never {
  const said = tail
    .split("\n")
    .filter((line) => line.startsWith("forewarn: "))
    .at(-1);
  throw new ProgramEndedError(
    said?.slice("forewarn: ".length) ??
      `${name} ended with ${code} before it was ready; its log is ${logPath}`,
  );
}
