import type { Command } from "commander";
import { loadConfig } from "../../config/env.ts";
import { required } from "../../runtime/required.ts";
import { migrate } from "../../store/migrate.ts";

interface MigrateFlags {
  readonly json?: true;
  readonly appRole?: string;
}

export function registerMigrate(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to this version; safe to run again, and by several at once")
    .option(
      "--app-role <name>",
      "make the role that api and worker connect as, or bring its rights up to date",
    )
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `
The database is FOREWARN_DATABASE_URL. Each migration runs in a transaction of its own; an edited migration and a
database newer than this program are refused.

With --app-role the role gets FOREWARN_APP_DATABASE_PASSWORD as its password, rights to read and write, and none to
change tables or what is append-only. Say it each time: new tables are granted then.

Examples:
  FOREWARN_DATABASE_URL=postgres://forewarn@127.0.0.1/forewarn forewarn migrate
  forewarn migrate --app-role forewarn_app
  forewarn migrate --json

Exit codes: 0 up to date · 1 refused, failed or unreachable · 2 wrong configuration`,
    )
    .action(run);
}

async function run({ json, appRole }: MigrateFlags): Promise<void> {
  const { databaseUrl, secrets } = loadConfig();
  const { applied } = await migrate(
    required(databaseUrl, "FOREWARN_DATABASE_URL"),
    appRole === undefined
      ? {}
      : { appRole: { name: appRole, password: secrets.appDatabasePassword ?? null } },
  );
  if (json) console.log(JSON.stringify({ type: "migrate", applied, appRole: appRole ?? null }));
  else {
    console.log(applied.length === 0 ? "up to date" : applied.map((name) => `applied ${name}`).join("\n"));
    if (appRole !== undefined) console.log(`role ${appRole} may use it`);
  }
}
