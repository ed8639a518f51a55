import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../runtime/version.ts";
import { generatedBlocks } from "./generated.ts";
import { readBlock, replaceBlock } from "./markdown.ts";

describe("what the documentation tells of the code", () => {
  it.each(generatedBlocks)("$file: $name is up to date", async ({ file, name, make }) => {
    const written = readBlock(readFileSync(join(packageRoot, file), "utf8"), name);
    expect(written, "run: npx tsx scripts/docs/write-tables.ts").toBe(await make());
  });
});

it("replaces what stands between the marks, and nothing else", () => {
  const page = "a\n<!-- t:begin -->\nold\n<!-- t:end -->\nb";
  const changed = replaceBlock(page, "t", "new");
  expect(changed).toBe("a\n<!-- t:begin -->\nnew\n<!-- t:end -->\nb");
  expect(readBlock(changed, "t")).toBe("new");
  expect(() => readBlock(page, "other")).toThrow("no marks around other");
});
