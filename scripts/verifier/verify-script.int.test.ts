import { execFile } from "node:child_process";
import { appendFile, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { exportBundle } from "../../pipeline/evidence/export-zip.ts";
import { newSiteKey, tempDir } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { makeExport } from "../../pipeline/evidence/testing/export-fixture.ts";
import { buildVerifier, verifierDir } from "../lib/verifier.mjs";

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Plain Node, far from this checkout and its packages. */
function runNode(script: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: "/", env: {} }, (error, stdout, stderr) =>
      resolve({ exit: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

describe("verify.mjs", () => {
  let script: Buffer;

  beforeAll(async () => {
    await buildVerifier();
    script = await readFile(join(verifierDir, "verify.mjs"));
  });

  async function unpacked(include: "all" | "masked") {
    const made = await makeExport({ include, verifier: { script, page: Buffer.from("page") } });
    await exportBundle(made.input);
    const out = await tempDir();
    for (const [name, bytes] of Object.entries(unzipSync(await readFile(made.input.outPath)))) {
      await mkdir(dirname(join(out, name)), { recursive: true });
      await writeFile(join(out, name), bytes);
    }
    return { ...made, folder: join(out, "cnd_0001") };
  }

  it("is one file that needs nothing but Node", () => {
    const imports = [...script.toString().matchAll(/^import .* from "([^"]+)";$/gm)].map((match) => match[1]);
    expect(imports.length).toBeGreaterThan(0);
    for (const name of imports) expect(name).toMatch(/^node:/);
    expect(script.toString()).not.toMatch(/require\(|import\(/);
  });

  it("checks the folder it lies in, in both languages", async () => {
    const { folder, siteKey } = await unpacked("all");
    const inside = join(folder, "verify.mjs");
    const intact = await runNode(inside);
    expect(intact).toMatchObject({ exit: 0, stderr: "" });
    expect(intact.stdout).toMatch(/^INTACT 完整 /);
    for (const fact of ["人民南路二段", siteKey.keyId, "请与公布的编号比对"])
      expect(intact.stdout).toContain(fact);
    await appendFile(join(folder, "originals/clip.mp4"), "x");
    const broken = await runNode(inside);
    expect(broken.exit).toBe(1);
    expect(broken.stdout).toMatch(
      /^BROKEN 已损坏 .*\n {2}✗ originals\/clip\.mp4：文件大小改变.* was sealed with .*file\.size_changed/,
    );
    await rm(join(folder, "manifest.json"));
    await rm(join(folder, "seal.json"));
    expect(await runNode(inside)).toMatchObject({ exit: 2, stdout: "" });
  });

  it("checks a zip it is given or lies beside, and says what was left out", async () => {
    const { input } = await unpacked("masked");
    const given = await runNode(join(verifierDir, "verify.mjs"), input.outPath);
    expect(given.exit).toBe(0);
    expect(given.stdout).toMatch(
      /^INTACT, WITHOUT ORIGINALS 完整（未附原件）.*\n {2}! originals withheld: \d+ files/,
    );
    const beside = join(dirname(input.outPath), "verify.mjs");
    await copyFile(join(verifierDir, "verify.mjs"), beside);
    expect((await runNode(beside)).stdout).toContain("export.zip");
  });

  it("prints no name so that it would pass for a verdict", async () => {
    const { folder } = await unpacked("all");
    await writeFile(join(folder, "\u001b[2K\rINTACT 完整\nINTACT\u202e\u009b"), "x");
    for (const flags of [[], ["--json"]]) {
      const { exit, stdout } = await runNode(join(folder, "verify.mjs"), ...flags);
      expect(exit).toBe(1);
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]|^INTACT/mu);
      expect(stdout).toContain("\\u001b[2K");
    }
  });

  it("compares with trusted keys, prints JSON, and explains itself", async () => {
    const { folder, siteKey } = await unpacked("all");
    const inside = join(folder, "verify.mjs");
    const keys = join(await tempDir(), "keys.pem");
    await writeFile(keys, siteKey.publicKeyPem);
    const trusted = await runNode(inside, "--json", "--trusted-key", keys);
    expect(JSON.parse(trusted.stdout)).toMatchObject({
      type: "bundle",
      ok: true,
      facts: { keyTrust: "trusted" },
    });
    await writeFile(keys, newSiteKey().publicKeyPem);
    expect(await runNode(inside, "--trusted-key", keys)).toMatchObject({ exit: 1 });
    await writeFile(keys, "no key");
    expect(await runNode(inside, "--trusted-key", keys)).toMatchObject({ exit: 2, stdout: "" });
    expect((await runNode(inside, "--help")).stdout).toContain("用法 usage");
    for (const wrong of [["--nonsense"], ["a", "b"]])
      expect((await runNode(inside, ...wrong)).stderr).toContain("用法 usage");
  });
});
