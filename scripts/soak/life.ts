/**
 * Watches cameras for a while, with reconnects and model reloads, and says whether anything grows:
 *   npx tsx scripts/soak/life.ts [--minutes 30] [--cameras 4] [--reload-minutes 4] [--json]
 * They are watched in a process of their own, for how memory is handed back is settled at a program's start.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { childEnv } from "../../config/env.ts";

const tsx = createRequire(import.meta.url).resolve("tsx");
const program = fileURLToPath(new URL("./life-cameras.ts", import.meta.url));
const child = spawn(process.execPath, ["--import", tsx, program, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: childEnv({}),
});
child.once("close", (code) => {
  process.exitCode = code ?? 1;
});
