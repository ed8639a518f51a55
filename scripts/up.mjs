// `npm run up`: set up what is missing, then start everything (cli/commands/up.ts).
import { join } from "node:path";
import { requireNode } from "./lib/node-version.mjs";
import { main } from "./lib/say.mjs";

requireNode();
const args = process.argv.slice(2);
await main(async () => {
  const { ensureSetup } = await import("./lib/setup.mjs");
  const { ensurePackages } = await import("./lib/packages.mjs");
  const { root } = await import("./lib/paths.mjs");
  const { endLike, runInForeground } = await import("./lib/run.mjs");
  const given = (...names) => args.some((arg) => names.includes(arg.split("=")[0]));
  // Help needs the packages only; footage of one's own makes the sample superfluous.
  if (given("--help", "-h")) await ensurePackages();
  else await ensureSetup({ footage: !given("--source", "--camera") });
  const tsx = import.meta.resolve("tsx");
  endLike(
    await runInForeground(process.execPath, ["--import", tsx, join(root, "cli", "main.ts"), "up", ...args]),
  );
});
