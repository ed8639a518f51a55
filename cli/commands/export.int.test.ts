import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { InvalidInputError, UsageError } from "../../pipeline/domain/errors.ts";
import { writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { ExportError } from "../../pipeline/evidence/export-error.ts";
import { makeInput, tempDir } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { ensureVerifier } from "../../scripts/lib/verifier.mjs";
import { registerExport } from "./export.ts";

/** Runs the command in this process and gives back what it prints. */
async function forewarnExport(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const { log } = console;
  console.log = (line: string) => void printed.push(line);
  onTestFinished(() => {
    console.log = log;
  });
  const program = new Command().exitOverride();
  registerExport(program);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync(["node", "forewarn", "export", ...args]);
  return printed.join("\n");
}

describe("forewarn export", () => {
  beforeAll(ensureVerifier);

  it("writes a zip that verifies, with the verifier and the site's keys inside", async () => {
    const input = await makeInput();
    const { dir } = await writeBundle(input);
    const folder = await tempDir();
    const keys = join(folder, "keys.pem");
    await writeFile(keys, input.siteKey.publicKeyPem);
    const out = join(folder, "out.zip");
    const text = await forewarnExport(dir, "--out", out, "--masked", "--site-keys", keys);
    expect(text).toMatch(/^WRITTEN 已导出 .*\n.*without its \d+ originals.*sealed with key/);
    expect(await verifyBundle(out, { allowExport: true })).toMatchObject({ ok: true });
    const files = unzipSync(await readFile(out));
    expect(Buffer.from(files["cnd_0001/site-keys.pem"] ?? []).toString()).toBe(input.siteKey.publicKeyPem);
    expect(Buffer.from(files["cnd_0001/verify.html"] ?? []).toString()).toContain("核验证据包");
    expect(Object.keys(files).filter((name) => name.includes("/originals/"))).toEqual([]);

    const json = await forewarnExport(dir, "--out", `${out}.2`, "--site-keys", keys, "--json");
    expect(JSON.parse(json)).toMatchObject({ type: "export", bundleId: "cnd_0001", withheld: [] });
  });

  it("says what is wrong with what it was given", async () => {
    const { dir } = await writeBundle(await makeInput());
    const folder = await tempDir();
    const out = join(folder, "out.zip");
    await mkdir(join(folder, "empty"));
    await writeFile(join(folder, "junk.pem"), "junk");
    await expect(forewarnExport(join(folder, "empty"), "--out", out)).rejects.toThrow(UsageError);
    await expect(forewarnExport(dir, "--out", out, "--site-keys", join(folder, "none"))).rejects.toThrow(
      UsageError,
    );
    await expect(forewarnExport(dir, "--out", out, "--site-keys", join(folder, "junk.pem"))).rejects.toThrow(
      InvalidInputError,
    );
    await expect(forewarnExport(dir, "--out", out, "--proof", join(folder, "none"))).rejects.toThrow(
      UsageError,
    );
    await writeFile(join(folder, "junk.json"), "{}");
    const proof = ["--proof", join(folder, "junk.json")];
    await expect(forewarnExport(dir, "--out", out, ...proof)).rejects.toThrow(ExportError);
  });
});
