import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadOrCreateSecret } from "./secret-file.ts";

describe("a secret in a file", () => {
  let home: string;
  let path: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "forewarn-secret-"));
    path = join(home, "keys", "some.secret");
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it("is made on first use, long, random, and for our eyes only", async () => {
    const secret = await loadOrCreateSecret(path);
    expect(secret).toMatch(/^[\w-]{64}$/);
    expect(await loadOrCreateSecret(join(home, "keys", "another.secret"))).not.toBe(secret);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, "keys"))).mode & 0o777).toBe(0o700);
  });

  it("stays what it was", async () => {
    const secret = await loadOrCreateSecret(path);
    expect(await loadOrCreateSecret(path)).toBe(secret);
    expect(await readFile(path, "utf8")).toBe(secret);
  });

  it("is one and the same for all who ask at once, the first time and later", async () => {
    const asking: Promise<string>[] = [];
    for (let count = 1; count <= 100; count += 1) {
      asking.push(loadOrCreateSecret(path));
      // One after the other, each while the ones before are somewhere in the middle.
      await stat(home);
    }
    expect(new Set(await Promise.all(asking)).size).toBe(1);
  });

  it("leaves nothing else behind", async () => {
    await loadOrCreateSecret(path);
    await loadOrCreateSecret(path);
    expect(await readdir(join(home, "keys"))).toEqual(["some.secret"]);
  });

  it("may be one's own, whatever an editor put behind it", async () => {
    await loadOrCreateSecret(path);
    await writeFile(path, "a secret of thirty-two characters and more\n");
    expect(await loadOrCreateSecret(path)).toBe("a secret of thirty-two characters and more");
  });

  it.each(["", "\n", "short", " ".repeat(80)])(
    "is refused when anybody could guess it: %j",
    async (content) => {
      await loadOrCreateSecret(path);
      await writeFile(path, content);
      await expect(loadOrCreateSecret(path)).rejects.toMatchObject({
        code: "usage.wrong",
        message: expect.stringContaining(path),
      });
    },
  );
});
