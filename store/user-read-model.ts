import { regionCovers } from "../casework/region.ts";
import type { RoleId } from "../casework/roles.ts";
import { iso } from "./act.ts";
import type { Queryable } from "./pool.ts";

export interface User {
  readonly userId: string;
  readonly login: string;
  readonly displayName: string;
  readonly roles: readonly RoleId[];
  readonly regions: readonly string[];
  readonly disabled: boolean;
  readonly mustChangePassword: boolean;
  readonly createdAt: string;
}

interface Row extends Omit<User, "createdAt"> {
  readonly createdAt: Date;
}

const COLUMNS = `users.id as "userId", users.login, users.display_name as "displayName", users.roles,
  users.regions, users.disabled, users.must_change_password as "mustChangePassword",
  users.created_at as "createdAt"`;

/** For signing in, with the hash to verify against. Disabled users are not found. */
export async function findUserForSignIn(
  db: Queryable,
  login: string,
): Promise<{ user: User; passwordHash: string } | undefined> {
  const { rows } = await db.query<Row & { passwordHash: string }>(
    `select ${COLUMNS}, users.password_hash as "passwordHash" from users
     where users.login = lower($1) and not users.disabled`,
    [login],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { passwordHash, ...rest } = row;
  return { user: toUser(rest), passwordHash };
}

/** For every request of a session: roles, regions and access are what they are now. Disabled: not found. */
export async function findActiveUser(db: Queryable, userId: string): Promise<User | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from users where users.id = $1 and not users.disabled`,
    [userId],
  );
  return rows[0] === undefined ? undefined : toUser(rows[0]);
}

export async function listUsers(db: Queryable): Promise<User[]> {
  const { rows } = await db.query<Row>(`select ${COLUMNS} from users order by users.login`);
  return rows.map(toUser);
}

/** Whom an officer may choose as a colleague in a case: enabled officers whose regions cover the case's. */
export async function listOfficersFor(db: Queryable, region: string): Promise<User[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from users
     where not users.disabled and 'officer' = any (users.roles)
     order by users.login`,
  );
  return rows.map(toUser).filter((user) => user.regions.some((own) => regionCovers(own, region)));
}

function toUser(row: Row): User {
  return { ...row, createdAt: iso(row.createdAt) };
}
