import { execFile } from "node:child_process";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnv } from "../../config/env.ts";

const command = fileURLToPath(new URL("../forewarn.mjs", import.meta.url));

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "forewarn-models-cli-"));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const models = (...args: string[]) => modelsWith({}, ...args);

function modelsWith(
  extra: Record<string, string>,
  ...args: string[]
): Promise<{ exit: number; stdout: string; stderr: string }> {
  // Where the tests' own weights are is none of this folder's business.
  const env = childEnv({ FOREWARN_DATA_DIR: dataDir, FOREWARN_MODELS_DIR: "", ...extra });
  return new Promise((resolve) => {
    execFile(process.execPath, [command, "models", ...args], { env }, (error, stdout, stderr) =>
      resolve({ exit: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

function lines(stdout: string): unknown[] {
  return stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe("forewarn models", () => {
  it("keeps weights where the configuration says, which several installations may share", async () => {
    const shared = join(dataDir, "shared-models");
    const { stdout } = await modelsWith({ FOREWARN_MODELS_DIR: shared }, "pull", "default", "--json");
    expect(lines(stdout)).toContainEqual(
      expect.objectContaining({ path: expect.stringContaining(`${shared}/`) }),
    );
  });

  it("pulls the default model without a network, lists it as here, and notices when its file was changed", async () => {
    const before = await models("list", "--json");
    expect(lines(before.stdout)).toContainEqual(
      expect.objectContaining({ type: "model", id: "centernet", default: true, state: "missing" }),
    );
    expect(await models("check")).toMatchObject({ exit: 0, stdout: "" });

    const pulled = await models("pull", "default", "--json");
    expect(pulled.exit).toBe(0);
    const [{ path }] = lines(pulled.stdout) as [{ path: string }];
    expect((await models("list")).stdout).toMatch(/^centernet \(default\) .*512x512 .*yes +ok /m);
    expect(await models("check")).toMatchObject({ exit: 0, stdout: "ok     centernet\n" });

    await appendFile(path, "x");
    const broken = await models("check");
    expect(broken.exit).toBe(1);
    expect(broken.stdout).toMatch(/WRONG {2}centernet: .*expected [0-9a-f]{64}.*\n.*models pull centernet/);
    expect(lines((await models("check", "--json")).stdout)).toEqual([
      expect.objectContaining({ type: "check", id: "centernet", ok: false }),
    ]);
  });

  it("ends 2 for a model that does not exist, 1 for one that cannot be had, and says what to do", async () => {
    const unknown = await models("pull", "no-such-model");
    expect(unknown).toMatchObject({ exit: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/no model "no-such-model".*Known: default, centernet/);
    const elsewhere = await models("pull", "picodet-s-416");
    expect(elsewhere).toMatchObject({ exit: 1, stdout: "" });
    expect(elsewhere.stderr).toMatch(/models pull picodet-s-416 --from DIR/);
    expect(await models("pull", "picodet-s-416", "--from", dataDir)).toMatchObject({ exit: 1 });
  });
});
