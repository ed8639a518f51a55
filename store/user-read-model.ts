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

/** Roles that a step of a case names somebody for: to handle it, to host its hearing, to discuss it. */
const NAMED_IN_CASES: readonly RoleId[] = ["officer", "hearing_host", "agency_leader"];

/** Whom a step of a case may name: enabled officers, hearing hosts and leaders whose regions cover the case's. */
export async function listColleagues(db: Queryable, region: string): Promise<User[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from users
     where not users.disabled and users.roles && $1::text[]
     order by users.login`,
    [NAMED_IN_CASES],
  );
  return rows.map(toUser).filter((user) => user.regions.some((own) => regionCovers(own, region)));
}

/** Names by user id, of whoever is known; for telling who did something, whatever became of them. */
export async function readNames(db: Queryable, userIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ userId: string; name: string }>(
    `select users.id as "userId", users.display_name as name from users where users.id = any ($1)`,
    [[...new Set(userIds)]],
  );
  return new Map(rows.map(({ userId, name }) => [userId, name]));
}

function toUser(row: Row): User {
  return { ...row, createdAt: iso(row.createdAt) };
}
