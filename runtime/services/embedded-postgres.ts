import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Client } from "pg";
import { loadOrCreateSecret } from "../secret-file.ts";
import { ServiceError } from "./errors.ts";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";
import { makePostgresFolder, markMoved, postgresFolder } from "./postgres-folder.ts";
import { clearStaleLock } from "./postgres-lock.ts";
import { type Account, serverAccount } from "./server-account.ts";
import { launchServer, stopSteps } from "./server-process.ts";
import { claimFolder, endProcess, runningServiceUrl } from "./service-folder.ts";

/** Role, and name of the database that the returned address points to. */
const NAME = "forewarn";

export interface PostgresOptions {
  /** Holds the cluster, the password and the server's log; made when absent. */
  readonly dataDir: string;
  /** Lines for people: where the data went, that a leftover server was ended. */
  readonly log: (line: string) => void;
  /** `false` for tests only: faster, and a power cut may lose everything. */
  readonly durable?: boolean;
}

export interface PostgresServer {
  /** With user, password and database, as `pg` takes it. Never log it. */
  readonly url: string;
  readonly pid: number;
  /** Where the data really is: below /var/lib/forewarn when root's server user cannot enter the folder asked for. */
  readonly dataDir: string;
  /** Fast shutdown: open transactions are rolled back. May be called twice. */
  stop(): Promise<void>;
}

/**
 * PostgreSQL from npm on a free port of 127.0.0.1, made on first use. It ends with this process, whatever
 * the death; what a power cut leaves is taken up by the next start. As root it runs as `postgres` or `nobody`.
 * Throws `FolderInUseError`, `MissingToolError`, `ServiceError`.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const account = serverAccount();
  const binaries = await postgresBinaries(account, options.log);
  const folder = await makePostgresFolder(options.dataDir, account);
  const claim = await claimFolder(folder, async (server) => {
    options.log(`ending the PostgreSQL (process ${server.pid}) that the last run left behind`);
    await endProcess(server, stopSteps("INT"));
  });
  try {
    await markMoved(options.dataDir, folder, options.log);
    const password = await clusterPassword(folder);
    const cluster = join(folder, "cluster");
    if (!existsSync(join(cluster, "PG_VERSION")))
      await initialise(binaries, folder, cluster, password, account, options.durable ?? true);
    await clearStaleLock(cluster, options.log);
    const address = (port: number, database: string) =>
      `postgres://${NAME}:${password}@127.0.0.1:${port}/${database}`;
    const server = await launchServer({
      name: "PostgreSQL",
      command: binaries.postgres,
      args: (port) => serverArgs(cluster, port, options.durable ?? true),
      cwd: cluster,
      account,
      logFile: join(folder, "postgres.log"),
      isReady: (port) => accepts(address(port, "postgres"), join(folder, "password")),
      stopSignal: "INT",
      log: options.log,
    });
    await ensureDatabase(address(server.port, "postgres")).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    const url = address(server.port, NAME);
    await claim.serve(server.identity, url);
    return {
      url,
      pid: server.identity.pid,
      dataDir: folder,
      stop: async () => {
        await server.stop();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** The address of the PostgreSQL that another process of ours runs on this folder now, if one does. */
export function runningPostgresUrl(dataDir: string): Promise<string | undefined> {
  return runningServiceUrl(postgresFolder(dataDir, serverAccount()));
}

function serverArgs(cluster: string, port: number, durable: boolean): string[] {
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    // Sockets have a length limit that deep folders break; TCP does for us.
    "unix_socket_directories=",
    "max_connections=200",
    "timezone=UTC",
    "log_timezone=UTC",
    ...(durable ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]),
  ];
  return ["-D", cluster, ...settings.flatMap((setting) => ["-c", setting])];
}

/** A new password for a new cluster; a cluster whose password is gone is not touched. */
async function clusterPassword(folder: string): Promise<string> {
  const file = join(folder, "password");
  if (existsSync(join(folder, "cluster")) && !existsSync(file))
    throw new ServiceError(
      `${file} is missing, and without it the database beside it does not open: restore it, or move ${folder} away to begin with an empty one.`,
    );
  return await loadOrCreateSecret(file);
}

/** Makes the cluster under another name first: one cut short must never look whole. */
async function initialise(
  binaries: PostgresBinaries,
  folder: string,
  cluster: string,
  password: string,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  const making = `${cluster}.new`;
  const passwordFile = join(folder, "initdb-password");
  await rm(making, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await mkdir(making, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== undefined)
    for (const path of [making, passwordFile]) await chown(path, account.uid, account.gid);
  try {
    const args = ["-D", making, "-U", NAME, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    args.push("--encoding=UTF8", "--locale=C", "--no-instructions", ...(durable ? [] : ["--no-sync"]));
    await runInitdb(binaries.initdb, args, making, account);
    await rename(making, cluster);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(making, { recursive: true, force: true });
  }
}

function runInitdb(
  command: string,
  args: string[],
  cwd: string,
  account: Account | undefined,
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "ignore", "pipe"],
      ...account,
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    child.once("error", (cause) =>
      fail(new ServiceError(`initdb cannot be started: ${cause.message}`, { cause })),
    );
    child.once("close", (code) => {
      if (code === 0) done();
      else fail(new ServiceError(`a new database could not be made in ${dirname(cwd)}: ${complaint.trim()}`));
    });
  });
}

/** Whether it takes connections. A wrong password is no matter of waiting: throws `ServiceError`. */
async function accepts(url: string, passwordFile: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01: invalid_password (PostgreSQL manual, appendix A).
    if ((error as { code?: unknown }).code === "28P01")
      throw new ServiceError(
        `${passwordFile} does not hold the password of the database beside it: restore it.`,
        {
          cause: error,
        },
      );
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [NAME]);
    if (found.rowCount === 0) await client.query(`create database ${NAME}`);
  } finally {
    await client.end();
  }
}
