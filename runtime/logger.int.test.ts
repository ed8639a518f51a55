import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { childEnv } from "../config/env.ts";

const tsx = createRequire(import.meta.url).resolve("tsx");

/** Runs some lines with a logger in a program of its own, since logs go to that program's stderr. */
async function run(
  lines: string,
  level = "info",
): Promise<{ stdout: string; log: Record<string, unknown>[] }> {
  const source = `import { createLogger } from ${JSON.stringify(fileURLToPath(new URL("logger.ts", import.meta.url)))};
    const log = createLogger({ name: "test", level: ${JSON.stringify(level)} });
    ${lines}
    log.flush();`;
  const child = spawn(process.execPath, ["--import", tsx, "--input-type=module", "-e", source], {
    env: childEnv({}),
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    stdout,
    log: stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line)),
  };
}

it("logs to stderr, one JSON object a line, with the program's name", async () => {
  const { stdout, log } = await run(
    `log.info({ cameraId: "cam-1" }, "watching"); log.debug("not at this level");`,
  );
  expect(stdout).toBe("");
  expect(log).toEqual([
    expect.objectContaining({ level: 30, name: "test", cameraId: "cam-1", msg: "watching" }),
  ]);
});

it("keeps passwords, tokens, cookies and addresses with credentials out", async () => {
  const { log } = await run(`
    log.info({ password: "hush", token: "hush", url: "rtsp://user:hush@10.0.0.1" }, "top");
    log.info({ user: { password: "hush" }, camera: { url: "rtsp://user:hush@10.0.0.1" }, headers: { cookie: "hush" } }, "nested");
    log.child({ token: "hush" }).info("child");
  `);
  expect(log).toHaveLength(3);
  expect(JSON.stringify(log)).not.toContain("hush");
  expect(log[0]).toMatchObject({ password: "[redacted]", url: "[redacted]" });
});

it("says what went wrong, with where and why", async () => {
  const { log } = await run(`
    log.error({ err: new Error("could not seal", { cause: new Error("disk full") }) }, "a candidate could not be sealed");
  `);
  expect(log[0]).toMatchObject({
    level: 50,
    err: { type: "Error", stack: expect.stringContaining("disk full") },
  });
});

it("tells of a database error what went wrong, never whose row it was", async () => {
  const { log } = await run(`
    const err = Object.assign(new Error("duplicate key"), {
      code: "23505", detail: "Key (phone)=(13800000000) already exists.", where: "COPY users, line 1: 13800000000" });
    log.error({ err }, "failed");
  `);
  expect(log).toMatchObject([{ err: { code: "23505", message: "duplicate key" } }]);
  expect(JSON.stringify(log)).not.toContain("13800000000");
});
