import type { Command } from "commander";
import { type Config, loadConfig } from "../../config/env.ts";
import { runningServices } from "../../runtime/services/open-services.ts";
import type { Check } from "../doctor/check.ts";
import { checkDataDir, checkFont, checkNode, checkPort, checkTimeSync } from "../doctor/check-machine.ts";
import { checkDatabase, checkDefaultModel, checkRedis } from "../doctor/check-services.ts";
import { checkFfmpeg } from "../doctor/check-tools.ts";

interface DoctorFlags {
  readonly json?: true;
  readonly deep?: true;
}

const MARK: Record<Check["status"], string> = { ok: "ok  ", warn: "warn", fail: "FAIL" };

/** `forewarn doctor`: exit 0 when nothing fails (warnings aside), else 1. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("look whether this machine has all that Forewarn needs, and say what to do (体检)")
    .option("--deep", "also make, start and stop a database (about 2 s)")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText(
      "after",
      `
Examples:
  forewarn doctor
  forewarn doctor --deep
  forewarn doctor --json | jq -r 'select(.status != "ok") | .remedy'

Exit codes: 0 nothing fails · 1 something does · 2 the configuration itself is wrong`,
    )
    .action(doctor);
}

async function doctor(flags: DoctorFlags): Promise<void> {
  const checks = await examine(loadConfig(), flags.deep === true);
  for (const check of checks) {
    if (flags.json) process.stdout.write(`${JSON.stringify({ type: "check", ...check })}\n`);
    else process.stdout.write(`${asText(check)}\n`);
  }
  if (checks.some(({ status }) => status === "fail")) process.exitCode = 1;
}

/** One after the other: the order is the order of the report, and none takes long. */
async function examine(config: Config, deep: boolean): Promise<Check[]> {
  const running = await runningServices({ ...config, databaseUrl: undefined, redisUrl: undefined });
  return [
    checkNode(),
    ...(await checkFfmpeg(config)),
    await checkRedis(config),
    await checkDatabase(config, deep),
    await checkDataDir(config.dataDir),
    await checkDefaultModel(config.modelsDir),
    await checkPort(config.host, config.port, running.redisUrl !== undefined),
    await checkFont(),
    await checkTimeSync(),
  ];
}

function asText({ name, status, message, remedy }: Check): string {
  const line = `${MARK[status]}  ${name.padEnd(13)} ${message}`;
  return remedy === undefined ? line : `${line}\n      ${" ".repeat(13)} → ${remedy}`;
}
