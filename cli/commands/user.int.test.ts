import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnv } from "../../config/env.ts";
import { verifyPassword } from "../../store/passwords.ts";
import { createPool } from "../../store/pool.ts";
import { findUserForSignIn } from "../../store/user-read-model.ts";
import { createTestDatabase } from "../../test-fixtures/test-database.ts";

const forewarn = fileURLToPath(new URL("../forewarn.mjs", import.meta.url));

describe("forewarn migrate and forewarn user", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  async function run(args: string[], input = "", url = database.url) {
    const child = spawn(process.execPath, [forewarn, ...args], {
      env: childEnv({ FOREWARN_DATABASE_URL: url }),
    });
    child.stdin.end(input);
    const exited = new Promise<number | null>((resolve) => child.on("close", resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await exited, stdout, stderr };
  }

  async function signsIn(login: string, password: string) {
    const pool = createPool(database.url);
    try {
      const found = await findUserForSignIn(pool, login);
      return {
        fits: await verifyPassword(found?.passwordHash, password),
        mustChange: found?.user.mustChangePassword,
      };
    } finally {
      await pool.end();
    }
  }

  it("migrates, says what it applied, and says so when there is nothing to do", async () => {
    const address = new URL(database.url);
    const pool = createPool(database.url);
    await pool.query("create schema fresh");
    await pool.end();
    address.searchParams.set("options", "-csearch_path=fresh");
    const first = await run(["migrate", "--json"], "", address.href);
    expect(JSON.parse(first.stdout)).toMatchObject({
      type: "migrate",
      applied: expect.arrayContaining(["0001_timeline.sql"]),
    });
    expect(await run(["migrate"], "", address.href)).toMatchObject({ code: 0, stdout: "up to date\n" });
  });

  it("makes no role that could do more than it should", async () => {
    const itself = await run(["migrate", "--app-role", new URL(database.url).username]);
    expect([itself.code, itself.stderr]).toEqual([1, expect.stringContaining("owns the tables")]);
  });

  it("says what is missing without a database address, and who does not answer at one", async () => {
    const unset = await run(["migrate"], "", "");
    expect([unset.code, unset.stderr]).toEqual([
      2,
      expect.stringContaining("FOREWARN_DATABASE_URL is not set"),
    ]);
    const silent = await run(["migrate"], "", "postgres://me:hush@127.0.0.1:1/forewarn");
    expect([silent.code, silent.stderr]).toEqual([1, expect.stringContaining("127.0.0.1:1")]);
    expect(silent.stderr).not.toContain("hush");
  });

  it("adds a user with a one-time password, lists and disables them", async () => {
    const who = ["--name", "李敏", "--role", "officer", "content_reviewer", "--region", "510107"];
    const added = await run(["user", "add", "LiMin", ...who, "--json"]);
    const { oneTimePassword } = JSON.parse(added.stdout) as { oneTimePassword: string };
    expect(await signsIn("limin", oneTimePassword)).toEqual({ fits: true, mustChange: true });
    expect(await run(["user", "add", "limin", ...who])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is a user "limin" already.'),
    });
    const listed = await run(["user", "list"]);
    expect(listed.stdout).toBe("limin  李敏  officer,content_reviewer  510107  one-time password\n");
    expect(await run(["user", "disable", "limin"])).toMatchObject({ code: 0, stdout: "disabled limin\n" });
    const [user] = (await run(["user", "list", "--json"])).stdout.trim().split("\n");
    expect(JSON.parse(user ?? "")).toMatchObject({ type: "user", login: "limin", disabled: true });
    expect((await run(["user", "disable", "nobody"])).code).toBe(1);
  });

  it("takes a password from standard input and never shows it", async () => {
    const args = ["user", "add", "wang", "--name", "王强", "--role", "agency_leader", "--region", "510100"];
    const short = await run([...args, "--password-stdin"], "short\n");
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining("at least 10 characters")]);
    const added = await run([...args, "--password-stdin"], "correct horse battery\n");
    expect(added).toMatchObject({ code: 0, stdout: "added wang (王强)\n" });
    expect(await signsIn("wang", "correct horse battery")).toEqual({ fits: true, mustChange: false });
  });

  it("names every fault of a new user at once", async () => {
    const wrong = await run(["user", "add", "a b", "--name", " ", "--role", "boss", "--region", "51"]);
    expect(wrong.code).toBe(2);
    for (const part of ["LOGIN:", "--name:", "--role: one of: officer", "--region: six digits"]) {
      expect(wrong.stderr).toContain(part);
    }
  });
});
