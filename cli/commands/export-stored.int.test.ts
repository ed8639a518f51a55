import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBundle } from "../../pipeline/evidence/bundle-writer.ts";
import { makeInput } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { ensureVerifier } from "../../scripts/lib/verifier.mjs";
import { approveAccess, requestAccess } from "../../store/grant-store.ts";
import { FolderObjectStore } from "../../store/object-store.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { addUser } from "../../store/user-store.ts";
import { runCli } from "../../test-fixtures/run-cli.ts";
import {
  county,
  makeCamera,
  makeIncident,
  makeUser,
  systemAct,
  userAct,
} from "../../test-fixtures/store-builders.ts";
import { createTestDatabase } from "../../test-fixtures/test-database.ts";

describe("forewarn export of a stored bundle", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let pool: pg.Pool;
  let dir: string;
  let lawyerId: string;
  let incidentId: string;
  let bundleId: string;

  beforeAll(async () => {
    await ensureVerifier();
    database = await createTestDatabase();
    pool = createPool(database.url);
    dir = await mkdtemp(join(tmpdir(), "forewarn-export-test-"));
    lawyerId = await user("lawyer", county);
    await user("stranger", "510108");
    const {
      dir: bundle,
      manifest,
      manifestSha256,
    } = await writeBundle(await makeInput({ outDir: join(dir, "sealed") }));
    bundleId = manifest.bundleId;
    await new FolderObjectStore(join(dir, "data", "objects")).takeIn(bundleId, bundle);
    incidentId = await makeIncident(pool, await makeCamera(pool), {
      ...{ candidateId: bundleId, bundlePath: bundleId, manifestSha256 },
    });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  });

  async function user(login: string, region: string): Promise<string> {
    const { userId } = await withTx(pool, (tx) =>
      addUser(tx, systemAct(), {
        ...{ login, displayName: login, passwordHash: "none", mustChangePassword: false },
        ...{ roles: ["legal_reviewer"], regions: [region] },
      }),
    );
    return userId;
  }

  const forewarn = (...args: string[]) =>
    runCli(["export", ...args], {
      cwd: dir,
      env: { FOREWARN_DATABASE_URL: database.url, FOREWARN_DATA_DIR: join(dir, "data") },
    });
  const forParty = ["--masked", "--why", "inform_party", "--by", "lawyer"];

  async function exported() {
    const { rows } = await pool.query<{ entry: Record<string, unknown> }>(
      `select convert_from(entry, 'UTF8')::jsonb as entry from evidence_log where kind = 'exported' order by "index"`,
    );
    return rows.map(({ entry }) => entry);
  }

  it("writes masked copies and says in the log who was named, and that nobody had signed in", async () => {
    const { exit, stdout } = await forewarn(incidentId, "--out", "masked.zip", ...forParty);
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^WRITTEN 已导出 {2}masked\.zip/)]);
    const result = await verifyBundle(join(dir, "masked.zip"), { allowExport: true });
    expect(result).toMatchObject({ ok: true, bundleId });
    expect(await exported()).toMatchObject([
      {
        actor: { kind: "system", id: "cli" },
        bundleId,
        manifestSha256: result.facts?.manifestSha256,
        why: "inform_party",
        detail: { incidentId, include: "masked", by: lawyerId },
      },
    ]);
  });

  it("decrypts originals only for whoever holds a grant for the purpose", async () => {
    const before = await exported();
    const forCourt = ["--why", "review_or_court", "--by", "lawyer", "--out", "court.zip", "--json"];
    const refused = await forewarn(bundleId, ...forCourt);
    expect([refused.exit, refused.stderr]).toEqual([
      1,
      expect.stringContaining("evidence.export_grant_required"),
    ]);
    expect(await exported()).toEqual(before);
    const leader = await makeUser(pool, ["agency_leader"]);
    const now = Date.now();
    const lawyer = { userId: lawyerId, regions: [county] };
    const actor = { kind: "user", userId: lawyerId, roles: ["legal_reviewer"] } as const;
    const { grantId } = await withTx(pool, (tx) =>
      requestAccess(tx, userAct({ ...lawyer, actor }, now), {
        ...{ incidentId, caseId: null, purpose: "review_or_court", reason: "法院调取", hours: 1 },
      }),
    );
    await withTx(pool, (tx) => approveAccess(tx, userAct(leader, now), grantId));
    const { exit, stdout } = await forewarn(bundleId, ...forCourt);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: "export", bundleId, withheld: [] });
    const files = Object.keys(unzipSync(await readFile(join(dir, "court.zip"))));
    expect(files).toContain(`${bundleId}/originals/clip.mp4`);
    expect((await exported()).at(-1)).toMatchObject({ detail: { include: "all", grantId, by: lawyerId } });
  });

  it.each([
    ["only one of --why and --by", ["--by", "lawyer"], 2, "both --why and --by"],
    ["a purpose in free text", ["--why", "因为", "--by", "lawyer"], 2, "--why: one of:"],
    ["a login that nobody has", ["--why", "inform_party", "--by", "nobody"], 2, "nobody here signs in"],
    ["keys from elsewhere", [...forParty, "--site-keys", "k.pem"], 2, "leave --site-keys"],
    ["neither, though it is an id", [], 2, "with --why and --by"],
    ["another region", ["--masked", "--why", "inform_party", "--by", "stranger"], 1, "in your regions"],
  ])("is refused for %s, without a trace", async (_, args, exit, message) => {
    const before = await exported();
    expect(await forewarn(incidentId, "--out", "none.zip", ...args)).toMatchObject({
      exit,
      stderr: expect.stringContaining(message),
    });
    expect(await exported()).toEqual(before);
    await expect(readFile(join(dir, "none.zip"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("writes nothing down when something lies there already", async () => {
    const before = await exported();
    expect((await forewarn(incidentId, "--out", "masked.zip", ...forParty)).exit).toBe(1);
    expect(await exported()).toEqual(before);
  });
});
