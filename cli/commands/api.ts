import type { Command } from "commander";
import { becomeProgram } from "../run-program.ts";

/** `forewarn api`: the HTTP program, for production. */
export function registerApi(program: Command): void {
  program
    .command("api")
    .description("serve the HTTP API and the review page")
    .addHelpText(
      "after",
      `
Needs FOREWARN_DATABASE_URL and FOREWARN_REDIS_URL; listens on FOREWARN_HOST:FOREWARN_PORT (127.0.0.1:8080).
Set FOREWARN_PUBLIC_URL to the address people use: the links in warnings begin with it.

Example:
  $ FOREWARN_DATABASE_URL=postgres://… FOREWARN_REDIS_URL=redis://… FOREWARN_PUBLIC_URL=https://cg.example.gov.cn \\
      forewarn api`,
    )
    .action(() => becomeProgram("api", []));
}
