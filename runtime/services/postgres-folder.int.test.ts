import { existsSync, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePostgresFolder, markMoved, postgresFolder } from "./postgres-folder.ts";

const isRoot = process.getuid?.() === 0;
let top: string;
let lines: string[];
const log = (line: string) => lines.push(line);
const stranger = { uid: 64_000, gid: 64_000 };

beforeEach(async () => {
  lines = [];
  top = await mkdtemp(join(tmpdir(), "forewarn-moved-"));
});
afterEach(() => rm(top, { recursive: true, force: true }));

it("is where it was asked for, closed to others, when the server runs as ourselves", async () => {
  const folder = await makePostgresFolder(join(top, "data", "postgres"), undefined);
  expect(folder).toBe(join(top, "data", "postgres"));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await markMoved(folder, folder, log);
  expect(lines).toEqual([]);
});

it("follows the marker, also when the first folder could be entered by now", async () => {
  await chmod(top, 0o755);
  expect(postgresFolder(join(top, "postgres"), stranger)).toBe(join(top, "postgres"));
  await mkdir(join(top, "postgres"));
  await writeFile(join(top, "postgres", "moved-to"), "/elsewhere\n");
  expect(postgresFolder(join(top, "postgres"), stranger)).toBe("/elsewhere");
});

describe.skipIf(!isRoot)("as root, below a folder that only root enters", () => {
  it("moves the data, and begins anew when the folder asked for was removed", async () => {
    await chmod(top, 0o700);
    const asked = join(top, "postgres");
    const moved = await makePostgresFolder(asked, stranger);
    try {
      expect(moved).toMatch(/^\/var\/lib\/forewarn\/[0-9a-f]{12}$/);
      expect(statSync(moved).mode & 0o777).toBe(0o711);
      await markMoved(asked, moved, log);
      await mkdir(join(moved, "cluster"));
      await writeFile(join(moved, "password"), "first");
      await markMoved(asked, moved, log);
      expect(lines).toHaveLength(1);

      await rm(asked, { recursive: true });
      expect(await makePostgresFolder(asked, stranger)).toBe(moved);
      await markMoved(asked, moved, log);
      expect(existsSync(join(moved, "cluster"))).toBe(false);
      expect(await readFile(join(moved, "before", "password"), "utf8")).toBe("first");
      expect(lines.at(-1)).toContain("aside");
    } finally {
      await rm(moved, { recursive: true, force: true });
    }
  });
});
