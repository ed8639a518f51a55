import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runVerifyScript } from "./verify-script.ts";

const { exitCode, output, errors } = await runVerifyScript(
  process.argv.slice(2),
  dirname(fileURLToPath(import.meta.url)),
);
for (const line of output) console.log(line);
for (const line of errors) console.error(line);
process.exitCode = exitCode;
