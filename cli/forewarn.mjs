#!/usr/bin/env node
// In a checkout the sources run directly (through tsx); in the image only dist/ exists and runs as it is.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// ONNX Runtime reports its use to its maker unless told not to, at the start of the program.
process.env.ORT_DISABLE_TELEMETRY = "1";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "main.ts");

if (existsSync(source)) {
  let tsx;
  try {
    tsx = createRequire(import.meta.url).resolve("tsx");
  } catch {
    console.error("forewarn: packages are not installed. Run `npm run setup` first.");
    process.exit(2);
  }
  const child = spawn(process.execPath, ["--import", tsx, source, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  // The terminal sends Ctrl-C to the whole group; only signals sent to us alone need passing on.
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.on("SIGINT", () => undefined);
  child.on("close", (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
} else {
  await import("../dist/cli/main.js");
}
