import type pg from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../runtime/ids.ts";
import { createPool } from "../../store/pool.ts";
import { makeCamera, makeIncident, makeUser } from "../../test-fixtures/store-builders.ts";
import { createTestDatabase, type TestDatabase } from "../../test-fixtures/test-database.ts";
import { EventHub, type Pace } from "./event-hub.ts";
import type { ServerEvent } from "./sse.ts";

/** A stream that keeps what it was sent. */
class KeptStream {
  readonly sent: ServerEvent[] = [];
  beats = 0;
  isOpen = false;
  isClosed = false;
  readonly #listeners: (() => void)[] = [];

  open(): void {
    this.isOpen = true;
  }
  send(event: ServerEvent): void {
    this.sent.push(event);
  }
  beat(): void {
    this.beats += 1;
  }
  onClose(listener: () => void): void {
    this.#listeners.push(listener);
  }
  close(): void {
    this.isClosed = true;
    for (const listener of this.#listeners) listener();
  }
  of(name: string): ServerEvent[] {
    return this.sent.filter(({ event }) => event === name);
  }
}

const PATIENCE = { timeout: 15_000, interval: 20 };
const NEVER_MS = 3_600_000;

describe("everybody who listens", () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let camera: string;
  const streams: KeptStream[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url);
    camera = await makeCamera(pool);
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  let sid: string;
  beforeEach(() => {
    sid = newId("sid");
  });

  async function listen(pace: Partial<Pace>): Promise<KeptStream> {
    const { userId, regions, actor } = await makeUser(pool, ["officer"]);
    await pool.query("insert into sessions (sid, sess, expire) values ($1, $2, now() + interval '1 hour')", [
      sid,
      JSON.stringify({ userId }),
    ]);
    const stream = new KeptStream();
    streams.push(stream);
    new EventHub(pool, pino({ level: "silent" }), pace).join({
      sid,
      rights: { userId, roles: actor.roles, regions },
      kinds: ["incident", "warning", "case"],
      after: null,
      stream,
    });
    await expect.poll(() => stream.isOpen, PATIENCE).toBe(true);
    return stream;
  }

  it("is given counts no faster than agreed", async () => {
    const stream = await listen({ batchMs: 1, countsMs: NEVER_MS });
    await expect.poll(() => stream.of("counts"), PATIENCE).toHaveLength(1);
    for (let n = 1; n <= 3; n += 1) {
      await makeIncident(pool, camera);
      await expect.poll(() => stream.of("timeline").length, PATIENCE).toBeGreaterThanOrEqual(n);
    }
    expect(stream.of("counts")).toHaveLength(1);
  });

  it("is given counts only when they have changed", async () => {
    const stream = await listen({ batchMs: 1, countsMs: 1 });
    await expect.poll(() => stream.of("counts"), PATIENCE).toHaveLength(1);
    const pending = () => Number(Object(stream.of("counts").at(-1)?.data).review_pending);
    const before = pending();
    const id = await makeIncident(pool, camera);
    await expect.poll(pending, PATIENCE).toBe(before + 1);
    const told = stream.of("counts").length;
    for (let n = 1; n <= 3; n += 1) {
      await pool.query(
        `insert into timeline_entries (id, subject_kind, subject_id, seq, at, actor_kind, actor_id, action)
         values ($1, 'incident', $2, $3, now(), 'system', 'test', 'note')`,
        [newId("tle"), id, 100 + n],
      );
      await expect
        .poll(() =>
          stream.of("timeline").filter(({ data }) => (data as { action: string }).action === "note"),
        )
        .toHaveLength(n);
    }
    expect(stream.of("counts")).toHaveLength(told);
  });

  it("is shown that the connection lives, and let go of when the session is over", async () => {
    const stream = await listen({ beatMs: 10 });
    await expect.poll(() => stream.beats, PATIENCE).toBeGreaterThan(2);
    await pool.query("delete from sessions where sid = $1", [sid]);
    await expect.poll(() => stream.isClosed, PATIENCE).toBe(true);
  });

  it("is let go of when what happened cannot be read, to come back and be told then", async () => {
    const stream = await listen({ batchMs: 1 });
    await pool.query("alter table warnings rename to warnings_away");
    try {
      await makeIncident(pool, camera);
      await expect.poll(() => stream.isClosed, PATIENCE).toBe(true);
    } finally {
      await pool.query("alter table warnings_away rename to warnings");
    }
  });
});
