import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import helmet from "helmet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyPageRouter } from "./verify-page.ts";

let dir: string;
const closers: (() => void)[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "forewarn-verify-page-"));
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await rm(dir, { recursive: true, force: true });
});

async function serve(): Promise<string> {
  const app = express();
  app.use(helmet());
  app.use(verifyPageRouter(dir));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("/verify", () => {
  it("serves page and script to anyone, under the page's own policy", async () => {
    const meta = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-x='" />`;
    await writeFile(join(dir, "verify.html"), `<!doctype html>${meta}`);
    await writeFile(join(dir, "verify.mjs"), "// script");
    const base = await serve();
    const page = await fetch(`${base}/verify`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'sha256-x='; frame-ancestors 'none'",
    );
    const script = await fetch(`${base}/verify/verify.mjs`);
    expect(script.headers.get("content-disposition")).toContain("verify.mjs");
    expect(await script.text()).toBe("// script");
  });

  it("is not there when the build has not made it", async () => {
    expect((await fetch(`${await serve()}/verify`)).status).toBe(404);
  });
});
