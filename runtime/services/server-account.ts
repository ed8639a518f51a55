import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ServiceError } from "./errors.ts";

/** The system user a server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. Undefined: we are not root, it runs as ourselves. As root: the
 * `postgres` user where there is one, else `nobody`, which every Unix has; initdb needs one with a name.
 */
export function serverAccount(
  uid: number | undefined = process.getuid?.(),
  passwd: string = readPasswd(),
): Account | undefined {
  if (uid !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const fields = passwd
      .split("\n")
      .map((line) => line.split(":"))
      .find((line) => line[0] === name);
    const account = { uid: Number(fields?.[2]), gid: Number(fields?.[3]) };
    // macOS counts nobody as −2.
    if (account.uid > 0 && account.gid > 0) return account;
  }
  throw new ServiceError(
    "PostgreSQL does not run as root, and this system has neither a user postgres nor nobody: run Forewarn as a normal user, or set FOREWARN_DATABASE_URL.",
  );
}

function readPasswd(): string {
  return process.platform === "win32" ? "" : readFileSync("/etc/passwd", "utf8");
}

/** Whether the account may go through every folder above `path` and `path` itself, by the mode bits. */
export function canReach(account: Account, path: string): boolean {
  const folder = resolve(path);
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat !== undefined && !mayDo(account, stat, stat.isDirectory() ? 1 : 4)) return false;
  const parent = dirname(folder);
  return parent === folder || canReach(account, parent);
}

function mayDo(account: Account, stat: { uid: number; gid: number; mode: number }, bit: 1 | 4): boolean {
  if (stat.uid === account.uid) return (stat.mode & (bit << 6)) !== 0;
  if (stat.gid === account.gid) return (stat.mode & (bit << 3)) !== 0;
  return (stat.mode & bit) !== 0;
}
