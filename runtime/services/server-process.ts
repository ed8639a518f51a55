import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { ServiceError } from "./errors.ts";
import { freePort } from "./free-port.ts";
import { guardServer } from "./guard.ts";
import { identify, isAlive, type ProcessIdentity } from "./process-identity.ts";
import type { Account } from "./server-account.ts";
import { endProcess } from "./service-folder.ts";

const ATTEMPTS = 5;
/** Recovery after a crash replays the log, which takes a while on a big database. */
const READY_WITHIN_MS = 120_000;
/** The next attempt may work: the port was taken meanwhile, or the last server's children are just ending. */
const PASSING =
  /address already in use|could not create any TCP\/IP sockets|shared memory block .* is still in use/i;

/** How to start one kind of server, see whether it answers, and end it. */
export interface ServerSpec {
  readonly name: string;
  readonly command: string;
  args(port: number): readonly string[];
  /** Written to its standard input: settings that must not show in the process list. */
  input?(port: number): string;
  readonly cwd: string;
  readonly account: Account | undefined;
  readonly logFile: string;
  isReady(port: number): Promise<boolean>;
  /** Ends it in an orderly way: INT for PostgreSQL (fast shutdown), TERM for Redis. */
  readonly stopSignal: "INT" | "TERM";
  readonly log: (line: string) => void;
}

export interface RunningServer {
  readonly port: number;
  readonly identity: ProcessIdentity;
  stop(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1 and waits until it answers. Throws `ServiceError`. */
export async function launchServer(spec: ServerSpec): Promise<RunningServer> {
  let complaint = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await delay(200);
    const port = await freePort();
    const result = await launchOnce(spec, port);
    if (typeof result !== "string") return result;
    complaint = result;
    if (!PASSING.test(complaint)) break;
  }
  const full = /no space left/i.test(complaint) ? ": the disk is full, free some space" : "";
  throw new ServiceError(
    `${spec.name} did not start${full}; the last lines of ${spec.logFile}:\n${complaint.trim() || "  (empty)"}`,
  );
}

/** The running server, or what it said before it gave up. */
async function launchOnce(spec: ServerSpec, port: number): Promise<RunningServer | string> {
  const output = await open(spec.logFile, "a", 0o600);
  const { size: logStart } = await output.stat();
  const child = spawn(spec.command, [...spec.args(port)], {
    cwd: spec.cwd,
    // Nothing of ours: neither secrets nor PG* variables that would change what it does.
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    // A group of its own: Ctrl-C is for us, and it ends last.
    detached: true,
    stdio: [spec.input === undefined ? "ignore" : "pipe", output.fd, output.fd],
    ...spec.account,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
  });
  child.stdin?.on("error", () => undefined).end(spec.input?.(port));
  await output.close();
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const ready = identity !== undefined && (await untilReady(spec, port, identity));
  if (!ready) {
    if (identity !== undefined) await endProcess(identity, [{ signal: "SIGKILL", graceMs: 5_000 }]);
    return `${await tail(spec.logFile, logStart)}\n  ${await ended}`;
  }
  return supervise(spec, port, identity, child, ended);
}

async function untilReady(spec: ServerSpec, port: number, identity: ProcessIdentity): Promise<boolean> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 25) {
    if (!isAlive(identity)) return false;
    if (await spec.isReady(port)) return true;
    await delay(25);
  }
  return false;
}

function supervise(
  spec: ServerSpec,
  port: number,
  identity: ProcessIdentity,
  child: ChildProcess,
  ended: Promise<string>,
): RunningServer {
  const removeGuard = guardServer(identity.pid, spec.stopSignal);
  // A program that has nothing left to do may end: the guard takes the server along.
  child.unref();
  let stopping: Promise<void> | undefined;
  void ended.then((how) => {
    removeGuard();
    if (stopping === undefined) spec.log(`${spec.name} ${how} unexpectedly; see ${spec.logFile}`);
  });
  const stop = async () => {
    child.ref();
    await endProcess(identity, stopSteps(spec.stopSignal));
    removeGuard();
  };
  return {
    port,
    identity,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Orderly first; a server that hangs is ended by force: both recover from that at the next start. */
export function stopSteps(signal: "INT" | "TERM") {
  return [
    { signal: signal === "INT" ? "SIGINT" : "SIGTERM", graceMs: 20_000 },
    { signal: "SIGQUIT", graceMs: 5_000 },
    { signal: "SIGKILL", graceMs: 5_000 },
  ] as const;
}

async function tail(file: string, from: number): Promise<string> {
  const text = (await readFile(file)).subarray(from).toString("utf8");
  return text
    .trim()
    .split("\n")
    .slice(-8)
    .map((line) => `  ${line}`)
    .join("\n");
}
