import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { loadConfig } from "../../config/env.ts";
import { loadLawBook } from "../../config/law-book.ts";
import { UsageError } from "../../pipeline/domain/errors.ts";
import { ensureDefaultModel } from "../../pipeline/open-detector.ts";
import { newId } from "../../runtime/ids.ts";
import { Lifecycle } from "../../runtime/lifecycle.ts";
import { createLogger } from "../../runtime/logger.ts";
import { startPostgres } from "../../runtime/services/embedded-postgres.ts";
import { createDocumentPress } from "../../runtime/typeset/press.ts";
import { PressRoom } from "../../runtime/typeset/press-room.ts";
import { packageRoot } from "../../runtime/version.ts";
import { putCamera } from "../../store/camera-store.ts";
import { migrate } from "../../store/migrate.ts";
import { FolderObjectStore } from "../../store/object-store.ts";
import { createPool, withTx } from "../../store/pool.ts";
import { demoCamera } from "../demo/demo-incidents.ts";
import { seedDemoAgency } from "../demo/demo-people.ts";
import { describeLine } from "../demo/describe-line.ts";
import { fitCamera } from "../demo/fit-camera.ts";
import { StoreDriver, type TransitionLine } from "../demo/store-driver.ts";
import { tellStories } from "../demo/tell-stories.ts";

const stories = ["casework"] as const;
const optionsSchema = z.object({ json: z.boolean().default(false) });

/** `forewarn demo`: a story told on a fresh database of its own. */
export function registerDemo(program: Command): void {
  program
    .command("demo <story>")
    .description("tell a story on a fresh database (演示): casework, from a warning to the court")
    .option("--json", "one JSON object a line on stdout: each transition with its documents")
    .addHelpText(
      "after",
      `
Stories:
  casework   what the sample footage shows, three ways: warned and put right; warned thrice, then the ordinary procedure
             with hearing, decision, electronic service, urging and court; and the simplified procedure.
             What the law forbids is tried on the way, and the refusal printed.

Examples:
  $ forewarn demo casework
  $ forewarn demo casework --json | jq -r 'select(.type=="transition") | [.on,.step,.state] | @tsv'

It uses an embedded database below the data folder (demo/), never a configured one, and sends nothing to anybody.

Exit codes: 0 told to its end · 1 something went otherwise than the story says · 2 wrong usage or configuration`,
    )
    .action(runDemo);
}

async function runDemo(story: string, input: unknown): Promise<void> {
  if (!stories.some((known) => known === story))
    throw new UsageError(`demo: there is no story "${story}"; known: ${stories.join(", ")}`);
  const { json } = optionsSchema.parse(input);
  const lifecycle = new Lifecycle();
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
  try {
    await tellCasework(json, lifecycle, stopping.signal);
  } finally {
    await lifecycle.close();
  }
}

async function tellCasework(json: boolean, lifecycle: Lifecycle, signal: AbortSignal): Promise<void> {
  const base = loadConfig();
  const dataDir = join(base.dataDir, "demo");
  await rm(dataDir, { recursive: true, force: true });
  // A story must never end up among real cases: whatever database is configured, this one has its own.
  const config = { ...base, dataDir, databaseUrl: undefined, redisUrl: undefined };
  const say = (what: string) => console.error(what);
  say("model 模型 …");
  await ensureDefaultModel({ modelsDir: config.modelsDir, packageRoot });
  say("database 数据库 …");
  const postgres = await startPostgres({ dataDir: join(dataDir, "postgres"), log: () => undefined });
  lifecycle.onClose("postgres", () => postgres.stop());
  await migrate(postgres.url);
  const pool = createPool(postgres.url);
  lifecycle.onClose("pool", () => pool.end());

  const begin = Date.parse("2025-11-01T09:00:00+08:00");
  const people = await seedDemoAgency(pool, begin);
  await withTx(pool, (tx) =>
    putCamera(
      tx,
      { actor: { kind: "system", name: "demo" }, scope: "every", at: begin, newId },
      { camera: demoCamera, enabled: false },
    ),
  );
  const asUser = ({ userId, roles }: (typeof people)["officer"]) =>
    ({ kind: "user", userId, roles }) as const;
  await fitCamera(pool, demoCamera.id, {
    lawyer: asUser(people.legalReviewer),
    technician: asUser(people.equipmentReviewer),
  });
  const objects = new FolderObjectStore(join(dataDir, "objects"));
  const book = loadLawBook(join(base.dataDir, "calendar"));
  const tell = (line: TransitionLine) => console.log(json ? JSON.stringify(line) : describeLine(line));
  const pressRoom = new PressRoom();
  lifecycle.onClose("press", () => pressRoom.close());
  const press = createDocumentPress(pressRoom);
  const driver = new StoreDriver(pool, { book, objects, press }, people, tell);
  const log = createLogger({ name: "demo", level: config.logLevel === "info" ? "warn" : config.logLevel });
  await tellStories({ config, pool, objects, book, log, signal, driver, say });
  const summary = await summarise(pool);
  if (json) console.log(JSON.stringify({ type: "summary", ...summary }));
  say(
    `\n${summary.cases} cases, ${summary.documents} documents, ${summary.refused} refusals as the law has it.`,
  );
  say(`The files lie in ${dataDir} until the next demo.`);

  async function summarise(db: typeof pool) {
    const { rows } = await db.query<{ cases: number; archived: number; documents: number }>(
      `select (select count(*)::integer from cases) as cases,
         (select count(*)::integer from cases where cases.state = 'archived') as archived,
         (select count(*)::integer from documents) as documents`,
    );
    return { ...(rows[0] ?? { cases: 0, archived: 0, documents: 0 }), refused: driver.refusals };
  }
}
