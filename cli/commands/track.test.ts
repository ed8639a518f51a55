import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerTrack } from "./track.ts";

const fixtures = fileURLToPath(new URL("../../test-fixtures/tracks/", import.meta.url));
const det = join(fixtures, "street.det.txt");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "track-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function track(...args: string[]): Promise<Command> {
  const program = new Command().exitOverride();
  registerTrack(program);
  return program.parseAsync(["track", ...args], { from: "user" });
}

describe("forewarn track", () => {
  it("writes the tracks of a detection file", async () => {
    const out = join(folder, "result.txt");
    await track("--det", det, "--fps", "10", "--out", out);
    expect(readFileSync(out, "utf8")).toBe(readFileSync(join(fixtures, "street.expected.txt"), "utf8"));
  });

  it("names the line that is malformed, and writes nothing", async () => {
    const broken = join(folder, "broken.txt");
    const out = join(folder, "none.txt");
    writeFileSync(broken, "1,-1,10,10,40,100,0.9,-1,-1,-1\n2,-1,ten,10,40,100,0.9,-1,-1,-1\n");
    await expect(track("--det", broken, "--fps", "10", "--out", out)).rejects.toMatchObject({
      code: "input.invalid",
      faults: [
        { path: "line 2", message: expect.stringContaining('column 3 (x) must be a number, found "ten"') },
      ],
    });
    expect(() => readFileSync(out)).toThrow("ENOENT");
  });

  it("says which option is wrong, which file cannot be read, where it cannot write", async () => {
    const out = join(folder, "out.txt");
    await expect(track("--det", det, "--fps", "0", "--out", out)).rejects.toMatchObject({
      code: "usage.wrong",
    });
    await expect(track("--det", det, "--fps", "fast", "--out", out)).rejects.toThrow(/--fps/);
    await expect(track("--det", join(folder, "absent"), "--fps", "5", "--out", out)).rejects.toThrow(
      /absent[\s\S]*ENOENT/,
    );
    await expect(track("--det", det, "--fps", "5", "--out", join(folder, "no", "x"))).rejects.toThrow(
      /cannot be written/,
    );
  });
});
