import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { childEnv } from "../../config/env.ts";
import { parseKeyList } from "../../pipeline/evidence/key-list.ts";
import { nodeCrypto } from "../../pipeline/evidence/node-crypto.ts";

const command = fileURLToPath(new URL("../forewarn.mjs", import.meta.url));

it("lists, changes and hands out the keys a site seals with", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "forewarn-keys-cli-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const env = childEnv({ FOREWARN_DATA_DIR: dataDir });
  const keys = (...args: string[]) =>
    new Promise<{ exit: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [command, "keys", ...args], { env }, (error, stdout, stderr) =>
        resolve({ exit: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      );
    });

  expect((await keys("list")).stdout).toMatch(
    /^key id .*\n[0-9a-f]{16} +Ed25519 .*in use 使用中 +first key\n$/,
  );
  const rotated = await keys("rotate", "--why", "国密改造", "--algorithm", "SM2", "--json");
  expect(
    rotated.stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line)),
  ).toMatchObject([
    { type: "key", algorithm: "Ed25519", inUse: false, endorsement: null },
    { type: "key", algorithm: "SM2", inUse: true, why: "国密改造" },
  ]);
  const file = join(dataDir, "site-keys.json");
  expect((await keys("export", "--out", file)).exit).toBe(0);
  expect(parseKeyList(await readFile(file), nodeCrypto).keys).toHaveLength(2);
  expect((await keys("rotate")).exit).toBe(2);
});
