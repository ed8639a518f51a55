import { execFile, spawnSync } from "node:child_process";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { writeBundle } from "./bundle-writer.ts";
import { canonicalBytes } from "./canonical-json.ts";
import { EXPORT_EXTRAS } from "./portable/export-note.ts";
import { generatePrivateKey, siteKeyFromPem } from "./site-key.ts";
import { makeCamera, makeCandidate, makeInput, tempDir } from "./testing/bundle-fixture.ts";

const run = promisify(execFile);
const tools = ["jq", "openssl", "sha256sum"];
const missing = tools.filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);

/** The commands of docs/verify.md as they stand there. */
async function documentedScript(): Promise<string> {
  const doc = await readFile(new URL("../../docs/verify.md", import.meta.url), "utf8");
  const blocks = [...doc.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
  expect(blocks).toHaveLength(5);
  return blocks.join("\n");
}

async function byHand(dir: string): Promise<{ exit: number; output: string }> {
  const script = await documentedScript();
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", TMPDIR: await tempDir() };
  return run("sh", ["-eu", "-c", script], { cwd: dir, env }).then(
    ({ stdout }) => ({ exit: 0, output: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      exit: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

describe.skipIf(missing.length > 0)(`docs/verify.md with ${tools.join(", ")}`, () => {
  it("accepts an intact bundle and prints its key id", async () => {
    const input = await makeInput({
      camera: makeCamera({ id: "摄像机 7" }),
      candidate: makeCandidate({ cameraId: "摄像机 7" }),
    });
    const { dir } = await writeBundle(input);
    const { exit, output } = await byHand(dir);
    expect(output).toContain(input.siteKey.keyId);
    expect(exit).toBe(0);
  });

  it("accepts a bundle that was sealed with SM2, and no other that says so", async () => {
    const siteKey = siteKeyFromPem(generatePrivateKey("SM2"), "a test's key");
    const { dir } = await writeBundle(await makeInput({ siteKey }));
    const { exit, output } = await byHand(dir);
    expect(output).toContain(siteKey.keyId);
    expect(exit).toBe(0);
    await replaceIn(join(dir, "seal.json"), '"sequence":1', '"sequence":2');
    expect((await byHand(dir)).exit).toBeGreaterThan(0);
  });

  it("accepts what an export lays beside the bundle, and nothing else", async () => {
    const { dir } = await writeBundle(await makeInput());
    for (const name of EXPORT_EXTRAS) await writeFile(join(dir, name), "x");
    expect((await byHand(dir)).exit).toBe(0);
    await writeFile(join(dir, "readme.txt"), "x");
    expect((await byHand(dir)).exit).toBeGreaterThan(0);
  });

  it("refuses a changed picture, an added file, an edited manifest and an edited seal", async () => {
    const { dir } = await writeBundle(await makeInput());
    const spoil: [string, (path: string) => Promise<unknown>][] = [
      ["originals/still-2-middle.jpg", (path) => appendFile(path, "x")],
      ["originals/planted.jpg", (path) => writeFile(path, "x")],
      ["manifest.json", async (path) => replaceIn(path, '"score":0.83', '"score":0.99')],
      ["seal.json", async (path) => replaceIn(path, '"sequence":1', '"sequence":2')],
    ];
    for (const [file, change] of spoil) {
      const path = join(dir, file);
      const before = await readFile(path).catch(() => undefined);
      await change(path);
      expect((await byHand(dir)).exit, file).toBeGreaterThan(0);
      if (before === undefined) await rm(path);
      else await writeFile(path, before);
    }
    expect((await byHand(dir)).exit).toBe(0);
  });
});

async function replaceIn(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, "utf8");
  expect(text).toContain(from);
  await writeFile(path, canonicalBytes(JSON.parse(text.replace(from, to))));
}
