import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { pino } from "pino";
import type { RoleId } from "../../casework/roles.ts";
import { loadConfig } from "../../config/env.ts";
import { loadLawBook } from "../../config/law-book.ts";
import { connectRedis } from "../../queue/connection.ts";
import { Producer } from "../../queue/producer.ts";
import { newId } from "../../runtime/ids.ts";
import { createDocumentPress } from "../../runtime/typeset/press.ts";
import { PressRoom } from "../../runtime/typeset/press-room.ts";
import { FolderObjectStore } from "../../store/object-store.ts";
import { hashPassword } from "../../store/passwords.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { addUser } from "../../store/user-store.ts";
import { ApiClient } from "../../test-fixtures/api-client.ts";
import { county, systemAct, testDay } from "../../test-fixtures/store-builders.ts";
import { createTestDatabase, testRedis } from "../../test-fixtures/test-database.ts";
import { createApp } from "../app.ts";
import type { ApiContext } from "../context.ts";
import { LoginThrottle } from "../http/login-throttle.ts";

/** Every person of the tests has it, so that it is hashed once. */
export const password = "correct horse battery";
let hashed: Promise<string> | undefined;

export interface TestPerson {
  readonly userId: string;
  readonly login: string;
}

/** The API in this process: real Postgres and Redis, a clock that tests may set, a log that tests may read. */
export interface TestApi {
  readonly origin: string;
  readonly context: ApiContext;
  readonly pool: pg.Pool;
  readonly clock: { at: number };
  readonly log: string[];
  client(): ApiClient;
  person(
    roles: readonly RoleId[],
    options?: { regions?: readonly string[]; mustChangePassword?: boolean },
  ): Promise<TestPerson>;
  /** A client of a new person with these roles, signed in. */
  signedIn(roles: readonly RoleId[], regions?: readonly string[]): Promise<ApiClient & { userId: string }>;
  close(): Promise<void>;
}

export async function startTestApi(
  options: { env?: Record<string, string>; redisUrl?: string; lockTimeoutMs?: number } = {},
): Promise<TestApi> {
  const database = await createTestDatabase();
  const keys = testRedis();
  const dataDir = await mkdtemp(join(tmpdir(), "forewarn-api-"));
  const config = loadConfig({
    FOREWARN_DATA_DIR: dataDir,
    FOREWARN_QUEUE_PREFIX: keys.prefix,
    ...options.env,
  });
  const pool = createPool(database.url, undefined, { lockTimeoutMs: options.lockTimeoutMs });
  // While Redis is away on purpose its errors are no news.
  const redis = connectRedis(options.redisUrl ?? keys.url, () => undefined);
  const producer = new Producer(redis, config.queuePrefix);
  const clock = { at: testDay, now: () => clock.at };
  const log: string[] = [];
  const objects = new FolderObjectStore(join(dataDir, "objects"));
  const pressRoom = new PressRoom();
  const context: ApiContext = {
    config,
    pool,
    redis,
    producer,
    objects,
    casework: { book: loadLawBook(null), objects, press: createDocumentPress(pressRoom) },
    throttle: new LoginThrottle(redis, config.queuePrefix),
    linkSecret: "a secret of this test and of nothing else",
    clock,
    log: pino({ level: "trace" }, { write: (line: string) => void log.push(line) }),
  };
  const server = createServer(createApp(context, "a session secret of this test, long enough"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;

  const person: TestApi["person"] = async (
    roles,
    { regions = [county], mustChangePassword = false } = {},
  ) => {
    hashed ??= hashPassword(password);
    const passwordHash = await hashed;
    const login = newId("u");
    const { userId } = await withTx(pool, (tx) =>
      addUser(tx, systemAct(), {
        login,
        displayName: `${roles.join("+")} ${login.slice(-4)}`,
        passwordHash,
        mustChangePassword,
        roles,
        regions,
      }),
    );
    return { userId, login };
  };

  return {
    origin,
    context,
    pool,
    clock,
    log,
    client: () => new ApiClient(origin),
    person,
    async signedIn(roles, regions = [county]) {
      const { login, userId } = await person(roles, { regions });
      const client = new ApiClient(origin);
      const { status } = await client.enter(login, password);
      if (status !== 200) throw new Error(`signing in answered ${status}`);
      return Object.assign(client, { userId });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await pressRoom.close();
      await producer.close();
      redis.disconnect();
      await pool.end();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
