import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { childEnv } from "../config/env.ts";

const tsx = createRequire(import.meta.url).resolve("tsx");
const here = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

/** A program that has something to close and says on stdout what it does; `lines` run before it says it is up. */
function start(lines = "") {
  const source = `
    import { exitOnSignals, Lifecycle } from ${here("lifecycle.ts")};
    import { createLogger } from ${here("logger.ts")};
    const lifecycle = new Lifecycle();
    exitOnSignals(lifecycle, createLogger({ name: "test", level: "info" }));
    lifecycle.onClose("pool", async () => { console.log("pool closed"); });
    const alive = setInterval(() => undefined, 60_000);
    ${lines}
    console.log("up");`;
  const child = spawn(process.execPath, ["--import", tsx, "--input-type=module", "-e", source], {
    env: childEnv({}),
  });
  let said = "";
  let logged = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    logged += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => ({ code, said: said.trim().split("\n"), logged }));
  return { child, ended, isUp: () => said.includes("up") };
}

it.each(["SIGTERM", "SIGINT"] as const)("closes what is open on %s and ends with 0", async (signal) => {
  const program = start();
  await expect.poll(program.isUp, { timeout: 20_000 }).toBe(true);
  program.child.kill(signal);
  expect(await program.ended).toMatchObject({ code: 0, said: ["up", "pool closed"] });
});

it.each([
  ["an exception nobody caught", 'setImmediate(() => { throw new Error("lost"); });', "uncaughtException"],
  ["a promise nobody caught", 'Promise.reject(new Error("lost"));', "unhandledRejection"],
])("closes what is open after %s and ends with 1", async (_, lines, why) => {
  const { code, said, logged } = await start(lines).ended;
  expect([code, said.at(-1)]).toEqual([1, "pool closed"]);
  expect(logged).toContain(why);
  expect(logged).toContain("lost");
});

it("ends with 1 when something would not close", async () => {
  const program = start('lifecycle.onClose("queue", () => Promise.reject(new Error("stuck")));');
  await expect.poll(program.isUp, { timeout: 20_000 }).toBe(true);
  program.child.kill("SIGTERM");
  const { code, said, logged } = await program.ended;
  expect([code, said]).toEqual([1, ["up", "pool closed"]]);
  expect(logged).toContain("closing queue failed");
});
