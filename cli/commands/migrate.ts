import type { Command } from "commander";
import { loadConfig } from "../../config/env.ts";
import { required } from "../../runtime/required.ts";
import { migrate } from "../../store/migrate.ts";

export function registerMigrate(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to this version; safe to run again, and by several at once")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `
The database is FOREWARN_DATABASE_URL. Each migration runs in a transaction of its own; an edited migration and a
database newer than this program are refused.

Examples:
  FOREWARN_DATABASE_URL=postgres://forewarn@127.0.0.1/forewarn forewarn migrate
  forewarn migrate --json

Exit codes: 0 up to date · 1 refused, failed or unreachable · 2 wrong configuration`,
    )
    .action(run);
}

async function run(options: { readonly json?: true }): Promise<void> {
  const { applied } = await migrate(required(loadConfig().databaseUrl, "FOREWARN_DATABASE_URL"));
  if (options.json) console.log(JSON.stringify({ type: "migrate", applied }));
  else console.log(applied.length === 0 ? "up to date" : applied.map((name) => `applied ${name}`).join("\n"));
}
