import { execFile } from "node:child_process";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { openSiteKey, rotateSiteKey } from "../../pipeline/evidence/key-folder.ts";
import {
  makeCandidate,
  makeInput,
  newSiteKey,
  tempDir,
} from "../../pipeline/evidence/testing/bundle-fixture.ts";

const command = fileURLToPath(new URL("../forewarn.mjs", import.meta.url));

function verify(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, "verify", ...args], (error, stdout, stderr) =>
      resolve({ exit: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

describe("forewarn verify", () => {
  it("says intact, broken and nothing there by its exit code, in words and in JSON", async () => {
    const input = await makeInput();
    const { dir } = await writeBundle(input);
    const keys = await tempDir();
    const own = join(keys, "own.pem");
    await writeFile(own, input.siteKey.publicKeyPem);

    const intact = await verify(dir, "--trusted-key", own);
    expect(intact).toMatchObject({ exit: 0, stderr: "" });
    expect(intact.stdout).toMatch(/^INTACT 完整.*\n.*cam-001[\s\S]*a trusted key/);

    await appendFile(join(dir, "masked/close-1-first.jpg"), "x");
    const broken = await verify(dir);
    expect(broken.exit).toBe(1);
    expect(broken.stdout).toMatch(
      /BROKEN.*\n.*masked\/close-1-first\.jpg has \d+ bytes, was sealed with \d+/,
    );
    const json = await verify(dir, "--json");
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      type: "bundle",
      path: dir,
      ok: false,
      bundleId: "cnd_0001",
      problems: [{ code: "file.size_changed", file: "masked/close-1-first.jpg" }],
    });

    await mkdir(join(keys, "empty"));
    for (const path of [join(keys, "nowhere"), join(keys, "empty"), own]) {
      const nothing = await verify(path, "--json");
      expect(nothing).toMatchObject({ exit: 2, stdout: "" });
      expect(nothing.stderr).toContain(path);
    }
  });

  it("takes only keys for keys, and only the trusted ones", async () => {
    const { dir } = await writeBundle(await makeInput());
    const keys = await tempDir();
    await writeFile(join(keys, "other.pem"), newSiteKey().publicKeyPem);
    await writeFile(join(keys, "junk.pem"), "junk");
    const foreign = await verify(dir, "--trusted-key", join(keys, "other.pem"));
    expect(foreign.exit).toBe(1);
    expect(foreign.stdout).toContain("none of the trusted keys");
    expect((await verify(dir, "--trusted-key", join(keys, "junk.pem"))).exit).toBe(2);
    expect((await verify(dir, "--trusted-key", join(keys, "nowhere.pem"))).exit).toBe(2);
  });

  it("takes the list of keys that a site publishes, when each key follows from the one before", async () => {
    const keysDir = join(await tempDir(), "keys");
    const siteKey = await openSiteKey(keysDir);
    const { dir } = await writeBundle(await makeInput({ siteKey }));
    await rotateSiteKey(keysDir, { algorithm: "SM2", why: "yearly", at: Date.now() + 60_000 });
    const list = join(keysDir, "site-keys.json");
    const trusted = await verify(dir, "--trusted-key", list);
    expect(trusted).toMatchObject({ exit: 0, stderr: "" });
    expect(trusted.stdout).toContain("a trusted key");
    const forged = join(keysDir, "forged.json");
    await writeFile(forged, (await readFile(list, "utf8")).replace("yearly", "weekly"));
    const refused = await verify(dir, "--trusted-key", forged);
    expect(refused).toMatchObject({ exit: 2, stdout: "" });
    expect(refused.stderr).toMatch(/forged\.json[\s\S]*is not endorsed by/);
    await writeFile(forged, '{"schema":"forewarn-keys/2"}');
    expect((await verify(dir, "--trusted-key", forged)).stderr).toMatch(/forged\.json[\s\S]*schema/);
  });

  it("prints no name so that it would pass for a verdict", async () => {
    const { dir } = await writeBundle(await makeInput());
    const evil = "\u001b[1A\u001b[2K\rINTACT 完整\nINTACT\u202e\u009b";
    await writeFile(join(dir, evil), "x");
    for (const flags of [[], ["--json"]]) {
      const { exit, stdout } = await verify(dir, ...flags);
      expect(exit).toBe(1);
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]|^INTACT/mu);
      expect(stdout).toContain("\\u001b[2K");
    }
  });

  it("checks a folder of bundles and the chain over them", async () => {
    const outDir = await tempDir();
    const siteKey = newSiteKey();
    let previous: string | null = null;
    for (const [index, candidateId] of ["one", "two", "three"].entries()) {
      const chain = { sequence: index + 1, previousManifestSha256: previous };
      const candidate = makeCandidate({ candidateId });
      const written = await writeBundle(await makeInput({ outDir, siteKey, candidate, chain }));
      previous = written.manifestSha256;
    }
    const whole = await verify(outDir);
    expect(whole.exit).toBe(0);
    expect(whole.stdout).toContain("CHAIN WHOLE 链完整  camera cam-001: 3 bundles, numbers 1–3");
    await rm(join(outDir, "two"), { recursive: true });
    const gap = await verify(outDir, "--json");
    expect(gap.exit).toBe(1);
    const lines = gap.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines.map((line) => line.type)).toEqual(["bundle", "bundle", "chain"]);
    expect(lines[2]).toMatchObject({
      ok: false,
      problems: [{ code: "chain.gap", message: "number 2 is missing" }],
    });
  });
});
