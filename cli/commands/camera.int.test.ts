import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../runtime/version.ts";
import { runCli } from "../../test-fixtures/run-cli.ts";
import { cameraFile } from "../../test-fixtures/store-builders.ts";

const folder = mkdtempSync(join(tmpdir(), "camera-check-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fixture = (name: string) => join(packageRoot, "test-fixtures", "cameras", name);
const check = (...args: string[]) => runCli(["camera", "check", ...args], { cwd: folder, env: {} });

describe("forewarn camera check", () => {
  it("exits 0 on a valid file and says what will be in force", async () => {
    const { exit, stdout, stderr } = await check(fixture("minimal.json"));
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(stdout).toMatch(/^OK {2}.*minimal\.json\n/);
    expect(stdout).toContain("parking: vehicle_sidewalk 机动车乱停放（人行道） in kerb");
    expect(stdout).toContain("standing for 300 s · grace 600 s");
  });

  it("prints one JSON object without the source's credentials", async () => {
    const { exit, stdout, stderr } = await check(fixture("pavement.yaml"), "--json");
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(stdout).not.toContain("secret");
    expect(JSON.parse(stdout)).toMatchObject({
      type: "camera",
      ok: true,
      camera: {
        id: "cam-001",
        source: { scheme: "rtsp", transport: "tcp" },
        rules: [{ id: "pavement-parking" }, { id: "bikes" }, { id: "overflow" }],
      },
    });
  });

  it("tells of a sub-stream that there is one, not where", async () => {
    const urls = { url: "rtsp://viewer:hush@192.0.2.10/main", subUrl: "rtsp://viewer:hush@192.0.2.10/sub" };
    const file = join(folder, "sub-stream.json");
    writeFileSync(file, JSON.stringify({ ...cameraFile("cam-sub"), source: urls }));
    const [people, programs] = await Promise.all([check(file), check(file, "--json")]);
    expect(people.stdout).toContain("source   rtsp, live, sub-stream\n");
    expect(JSON.parse(programs.stdout)).toMatchObject({ camera: { source: { scheme: "rtsp" } } });
    expect(people.stdout + programs.stdout).not.toMatch(/hush|192\.0\.2\.10/);
  });

  it("exits 2 on a faulty file with the same faults for people and for programs", async () => {
    const { exit, stdout, stderr } = await check(fixture("faulty.yaml"), "--json");
    expect(exit).toBe(2);
    const answer = JSON.parse(stdout) as { ok: boolean; faults: { path: string; message: string }[] };
    expect(answer.ok).toBe(false);
    expect(answer.faults.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "id",
        "source.url",
        "zones[1].polygon",
        "rules[0].zone",
        "rules[2].effectiveFrom",
      ]),
    );
    for (const { path, message } of answer.faults) expect(stderr).toContain(`  ${path}: ${message}\n`);
    expect(stderr + stdout).not.toContain("secret");
  });

  it("exits 2 when the file is missing or not named", async () => {
    expect(await check("nowhere.yaml")).toMatchObject({
      exit: 2,
      stdout: "",
      stderr: expect.stringMatching(/nowhere\.yaml is not valid:\n.*cannot be read/),
    });
    expect(await check()).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("missing required argument 'file'"),
    });
  });
});
