import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../runtime/version.ts";
import { generatedBlocks } from "./generated.ts";
import { replaceBlock } from "./markdown.ts";

// npx tsx scripts/docs/write-tables.ts: puts every table that the code can tell into the documentation.
for (const { file, name, make } of generatedBlocks) {
  const path = join(packageRoot, file);
  writeFileSync(path, replaceBlock(readFileSync(path, "utf8"), name, await make()));
  console.log(`${file}: ${name}`);
}
