import type { Command } from "commander";
import { becomeProgram } from "../run-program.ts";

/** `forewarn worker`: the background program, for production. */
export function registerWorker(program: Command): void {
  program
    .command("worker")
    .description(
      "watch cameras, store evidence, send notices, look again, keep deadlines; start as many as the load needs",
    )
    .option(
      "--roles <list>",
      "only these: camera, evidence, notice, alarm, recheck, retention, clock, checkpoint (default: all)",
    )
    .addHelpText(
      "after",
      `
Needs FOREWARN_DATABASE_URL and FOREWARN_REDIS_URL.

Examples:
  $ forewarn worker                         everything
  $ forewarn worker --roles camera          a machine that only watches cameras
  $ forewarn worker --roles evidence,notice,recheck
  $ forewarn worker --roles clock,retention,checkpoint    what comes once a day or an hour`,
    )
    .action(({ roles }: { roles?: string }) =>
      becomeProgram("workers", roles === undefined ? [] : ["--roles", roles]),
    );
}
