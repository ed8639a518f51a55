import { join } from "node:path";
import type pg from "pg";
import {
  type ExportPurpose,
  type ExportWish,
  exportPurposes,
} from "../../casework/evidence/evidence-export.ts";
import { loadConfig } from "../../config/env.ts";
import { InvalidInputError, UsageError } from "../../pipeline/domain/errors.ts";
import type { ExportResult } from "../../pipeline/evidence/export-zip.ts";
import { sealingPaths } from "../../pipeline/sealing.ts";
import { systemClock } from "../../runtime/clock.ts";
import { newId } from "../../runtime/ids.ts";
import { required } from "../../runtime/required.ts";
import { runningServices } from "../../runtime/services/open-services.ts";
import { readVerifierFiles } from "../../runtime/verifier-files.ts";
import { FolderObjectStore } from "../../store/object-store.ts";
import { createPool } from "../../store/pool.ts";
import { exportStored } from "../../store/stored-export.ts";
import { listUsers, type User } from "../../store/user-read-model.ts";

/** What `forewarn export` was told about a bundle of this installation. */
export interface StoredFlags {
  /** `inc_…` or `cnd_…`. */
  readonly id: string;
  readonly out: string;
  readonly include: ExportWish["include"];
  /** A purpose, still unchecked. */
  readonly why: string;
  /** Login of whoever takes it. */
  readonly by: string;
}

/** One line for each purpose there is, for the help. */
export const purposeLines = Object.entries(exportPurposes)
  .map(([purpose, { zh, en }]) => `  ${purpose.padEnd(20)} ${zh} ${en}`)
  .join("\n");

/**
 * Exports a stored bundle for a person of this installation, inside their regions and by their rights. The log says that
 * the command line did it and who was named: nobody has signed in here.
 *
 * @throws UsageError for a login that nobody has; InvalidInputError for a purpose that is none
 */
export async function exportFromStore(flags: StoredFlags): Promise<ExportResult> {
  const config = loadConfig();
  const purpose = parsePurpose(flags.why);
  const verifier = await readVerifierFiles();
  const { databaseUrl } = await runningServices(config);
  const pool = createPool(required(databaseUrl, "FOREWARN_DATABASE_URL"));
  try {
    const user = await findUser(pool, flags.by);
    return await exportStored(
      {
        pool,
        objects: new FolderObjectStore(join(config.dataDir, "objects")),
        keysDir: sealingPaths(config.dataDir, config.memoryDir).keysDir,
        verifier,
      },
      { actor: { kind: "system", name: "cli" }, scope: user.regions, at: systemClock.now(), newId },
      {
        id: flags.id,
        include: flags.include,
        purpose,
        by: { kind: "user", userId: user.userId, roles: user.roles },
        outPath: flags.out,
      },
    );
  } finally {
    await pool.end();
  }
}

function parsePurpose(why: string): ExportPurpose {
  if (Object.hasOwn(exportPurposes, why)) return why as ExportPurpose;
  throw new InvalidInputError("export", [
    { path: "--why", message: `one of: ${Object.keys(exportPurposes).join(", ")}` },
  ]);
}

async function findUser(pool: pg.Pool, login: string): Promise<User> {
  const users = await listUsers(pool);
  const user = users.find((one) => one.login === login.toLowerCase() && !one.disabled);
  if (user === undefined)
    throw new UsageError(`--by ${login}: nobody here signs in as that. See "forewarn user list".`);
  return user;
}
