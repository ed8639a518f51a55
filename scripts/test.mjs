// `npm test [-- vitest arguments]`: set up what is missing, run the tests, say the result in one plain line.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireNode } from "./lib/node-version.mjs";
import { main, say } from "./lib/say.mjs";

requireNode();
await main(async () => {
  const { ensureSetup } = await import("./lib/setup.mjs");
  const { ensureTestCamera } = await import("./lib/test-camera.mjs");
  const { root } = await import("./lib/paths.mjs");
  const { runInForeground } = await import("./lib/run.mjs");
  const { countTests } = await import("./lib/test-count.mjs");
  await ensureSetup();
  await ensureTestCamera();
  const folder = mkdtempSync(join(tmpdir(), "forewarn-report-"));
  try {
    const file = join(folder, "vitest.json");
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const { code, signal } = await runInForeground(
      process.execPath,
      [vitest, "run", ...reporters, ...process.argv.slice(2)],
      { cwd: root },
    );
    const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
    const count = countTests(report, code ?? 1);
    if (signal) say(`vitest was ended by ${signal}.`);
    if (count.passed + count.failed === 0) say("not one test ran: that counts as a failure.");
    if (count.skipped > 0) say(`${count.skipped} skipped, each for the reason that it names above.`);
    process.exitCode = count.ok ? 0 : 1;
    console.log(count.line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
