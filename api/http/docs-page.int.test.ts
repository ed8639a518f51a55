import { spawnSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApi, type TestApi } from "../testing/test-api.ts";

const CHROMIUM = "/usr/bin/chromium";
const isThere = spawnSync(CHROMIUM, ["--version"]).status === 0;
if (!isThere) console.warn(`skipped: ${CHROMIUM} is not here, so the page cannot be opened`);

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe("the page of the API's documentation", () => {
  it("comes with all its parts from here, and nothing else of the package", async () => {
    const page = await fetch(`${api.origin}/api/docs`);
    const html = await page.text();
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(html).not.toMatch(/https?:/);
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(parts).toHaveLength(4);
    for (const part of parts) expect([part, (await fetch(api.origin + part)).status]).toEqual([part, 200]);
    for (const path of ["package.json", "swagger-ui-bundle.js.map", "..%2f..%2fpackage.json"])
      expect((await fetch(`${api.origin}/api/docs/${path}`)).status).toBe(404);
  });
});

describe.skipIf(!isThere)("the page of the API's documentation, in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--headless", "--no-sandbox", "--disable-gpu", ...quiet],
    });
  });
  afterAll(() => browser?.close());

  it("lists the routes, shows one, and asks nobody else for anything", async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${api.origin}/api/docs`);
    await page.locator("#operations-tag-cases").waitFor();
    expect(await page.locator(".title").first().textContent()).toContain("先劝");
    await page.locator("#operations-tag-cases").click();
    const steps = page.locator("#operations-cases-postCasesIdSteps");
    await steps.locator(".opblock-summary").click();
    await steps.getByText("Idempotency-Key").first().waitFor();
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(api.origin) && !url.startsWith("data:"))).toEqual([]);
  });

  it("carries the token when something is tried out", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${api.origin}/api/docs#/session/postSession`);
    const block = page.locator("#operations-session-postSession");
    await block.getByRole("button", { name: "Try it out" }).click();
    const reply = page.waitForResponse(
      (response) => response.url().endsWith("/session") && response.request().method() === "POST",
    );
    await block.getByRole("button", { name: "Execute" }).click();
    // The words in the example fit nobody; without the token it would have been 403.
    expect((await reply).status()).toBe(401);
  });
});
