import { join } from "node:path";
import type { Command } from "commander";
import { loadConfig } from "../../config/env.ts";
import { FolderObjectStore } from "../../store/object-store.ts";

export function registerObjectKey(program: Command): void {
  program
    .command("object-key")
    .description(
      "the site's key that stored originals are under (原件存储密钥): make a new one, or go on with it",
    )
    .argument("<step>", "rotate: a new key, then every bundle's key under it; rewrap: only the second")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      `
The keys are in FOREWARN_DATA_DIR/keys/object-keys.json, made at the first use. Rotating does not touch the originals:
only the small key of each bundle is wrapped anew. An old key stays for a day at least and while any bundle needs it;
"rewrap", run later, drops it. Both may be broken off and run again, also while the programs work.

Examples:
  forewarn object-key rotate
  forewarn object-key rewrap --json

Exit codes: 0 done · 1 a key is missing or damaged · 2 wrong usage or configuration`,
    )
    .action(run);
}

async function run(step: string, options: { readonly json?: true }, command: Command): Promise<void> {
  if (step !== "rotate" && step !== "rewrap") command.error(`"${step}" is neither rotate nor rewrap`);
  const objects = new FolderObjectStore(join(loadConfig().dataDir, "objects"));
  const now = new Date();
  const made = step === "rotate" ? await objects.rotateKey(now) : null;
  const { rewrapped, dropped } = await objects.rewrapKeys(now);
  if (options.json) {
    console.log(JSON.stringify({ type: "object-key", made, rewrapped, dropped }));
    return;
  }
  if (made !== null) console.log(`new key ${made}`);
  console.log(`${rewrapped} bundle keys wrapped anew`);
  for (const id of dropped) console.log(`dropped ${id}, which nothing needed any more`);
}
