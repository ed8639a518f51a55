import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportBundle } from "../../pipeline/evidence/export-zip.ts";
import { newSiteKey, tempDir, tempDirForFile } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { exportedFiles, makeExport, zipOf } from "../../pipeline/evidence/testing/export-fixture.ts";
import { buildVerifier, verifierDir } from "../lib/verifier.mjs";

const CHROMIUM = "/usr/bin/chromium";
const isThere = spawnSync(CHROMIUM, ["--version"]).status === 0;
if (!isThere) console.warn(`skipped: ${CHROMIUM} is not here, so the page cannot be opened`);

/** No background chatter of the browser's own: the page is to be the only one that could ask for anything. */
const ARGUMENTS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

describe.skipIf(!isThere)("verify.html in Chromium, opened from the disk", () => {
  let browser: Browser;
  let dir: string;
  let page: Page;
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    dir = await tempDirForFile();
    await buildVerifier();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    page = await browser.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(join(verifierDir, "verify.html")).href);
  });
  afterAll(() => browser?.close());

  async function check(bytes: Uint8Array, name = "bundle.zip"): Promise<string> {
    const path = join(dir, name);
    await writeFile(path, bytes);
    await page.locator("#zip").setInputFiles(path);
    // The name stands in every verdict, and a check takes the one before it away.
    await page.locator("#verdict .file", { hasText: name }).waitFor();
    return (await page.locator("#verdict").textContent()) ?? "";
  }

  it("says that a whole bundle is intact, shows its masked pictures and what it proves not", async () => {
    const { input, siteKey } = await makeExport();
    await exportBundle(input);
    const text = await check(await readFile(input.outPath), "whole.zip");
    expect(text).toMatch(/^完整 Intact/);
    for (const fact of ["cam-001", "人民南路二段", "2026-01-01 12:01:17", siteKey.keyId])
      expect(text).toContain(fact);
    const pictures = page.locator("#verdict img");
    expect(await pictures.count()).toBe(6);
    await expect
      .poll(() =>
        pictures.first().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      )
      .toBeGreaterThan(0);
    expect(await page.locator("#limits li").count()).toBeGreaterThan(2);
  });

  it("names what was changed, and shows no picture of a broken bundle", async () => {
    const files = await exportedFiles();
    const clip = Uint8Array.from(files["originals/clip.mp4"] ?? []);
    clip[7] = (clip[7] ?? 0) ^ 1;
    const { "masked/close-1-first.jpg": _gone, ...rest } = files;
    const text = await check(zipOf({ ...rest, "originals/clip.mp4": clip }), "tampered.zip");
    expect(text).toMatch(/^已损坏 Broken/);
    expect(text).toMatch(/originals\/clip\.mp4：文件内容已被改动[\s\S]*file\.hash_mismatch/);
    expect(text).toMatch(/masked\/close-1-first\.jpg：文件缺失[\s\S]*file\.missing/);
    expect(await page.locator("#verdict .problems li").count()).toBe(2);
    expect(await page.locator("#verdict img").count()).toBe(0);
  });

  it("never calls a bundle without its originals simply intact", async () => {
    const text = await check(zipOf(await exportedFiles({ include: "masked" })), "masked.zip");
    expect(text).toMatch(/^完整（未附原件） Intact, without originals/);
    expect(text).toMatch(/Originals withheld: \d+ files, not checked/);
  });

  it("takes a folder as well, and names what lies in folders no bundle has", async () => {
    const { dir: folder } = await makeExport();
    const chosen = page.locator("#verdict .file", { hasText: "cnd_0001" });
    await page.locator("#folder").setInputFiles(folder);
    await chosen.waitFor();
    expect(await page.locator("#verdict").textContent()).toMatch(/^完整 Intact/);
    await mkdir(join(folder, "more"));
    await writeFile(join(folder, "more", "planted.jpg"), "x");
    await page.locator("#folder").setInputFiles(folder);
    await page.locator("#verdict .broken").waitFor();
    expect(await page.locator("#verdict .problems").textContent()).toContain("folder.extra");
  });

  it("compares with the keys that are given, and checks a bundle again when they are", async () => {
    const { input, siteKey } = await makeExport();
    await exportBundle(input);
    await check(await readFile(input.outPath), "sealed.zip");
    const keys = async (text: string) => {
      const path = join(await tempDir(), "keys.pem");
      await writeFile(path, text);
      await page.locator("#keys").setInputFiles(path);
    };
    await keys(newSiteKey().publicKeyPem);
    await page.locator("#verdict .broken").waitFor();
    expect(await page.locator("#verdict").textContent()).toContain("seal.untrusted_key");
    await keys(siteKey.publicKeyPem);
    await page.locator("#verdict .intact").waitFor();
    expect(await page.locator("#verdict").textContent()).toContain("是所信任的密钥");
    await keys("no key");
    await page.locator("#keys-state", { hasText: "不是公钥文件" }).waitFor();
  });

  it("says of other files and of damaged zips what they are", async () => {
    expect(await check(zipOf({}), "empty.zip")).toMatch(/^这不是证据包/);
    expect(await check(new Uint8Array(100), "noise.zip")).toMatch(/^已损坏[\s\S]*zip\.unreadable/);
  });

  it("holds no part of Node", async () => {
    expect(await readFile(join(verifierDir, "verify.html"), "utf8")).not.toMatch(
      /["']node:|browser-external/,
    );
  });

  it("asked no network for anything and broke none of its own rules", () => {
    expect(requests.filter((url) => !/^(file|blob):/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
