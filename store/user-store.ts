import type { RoleId } from "../casework/roles.ts";
import type { Act } from "./act.ts";
import { AlreadyExistsError, NotFoundError } from "./errors.ts";
import type { Tx } from "./pool.ts";
import { appendTimeline } from "./timeline-store.ts";

export interface NewUser {
  /** Lower case; unique. */
  readonly login: string;
  readonly displayName: string;
  /** From `hashPassword()`. */
  readonly passwordHash: string;
  /** A one-time password: its holder chooses another first. */
  readonly mustChangePassword: boolean;
  readonly roles: readonly RoleId[];
  /** GB/T 2260 codes; none: sees nothing. */
  readonly regions: readonly string[];
}

/** Throws `AlreadyExistsError` when the login is taken. */
export async function addUser(tx: Tx, act: Act, user: NewUser): Promise<{ userId: string }> {
  const userId = act.newId("usr");
  const { rowCount } = await tx.query(
    `insert into users (id, login, display_name, password_hash, must_change_password, roles, regions, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (login) do nothing`,
    [
      userId,
      user.login,
      user.displayName,
      user.passwordHash,
      user.mustChangePassword,
      user.roles,
      user.regions,
      new Date(act.at),
    ],
  );
  if (rowCount === 0) throw new AlreadyExistsError(`There is a user "${user.login}" already.`);
  await appendTimeline(tx, act, {
    kind: "user",
    id: userId,
    action: "add",
    from: null,
    to: "enabled",
    detail: { login: user.login, roles: user.roles, regions: user.regions },
  });
  return { userId };
}

/** Sets a new password that its holder chose themselves. */
export async function changePassword(tx: Tx, act: Act, userId: string, passwordHash: string): Promise<void> {
  const { rowCount } = await tx.query(
    "update users set password_hash = $2, must_change_password = false where users.id = $1",
    [userId, passwordHash],
  );
  if (rowCount === 0) throw new NotFoundError("user", userId);
  await appendTimeline(tx, act, {
    kind: "user",
    id: userId,
    action: "change_password",
    from: null,
    to: null,
  });
}

/** Replaces a password by a one-time one: its holder chooses another first. */
export async function setOneTimePassword(
  tx: Tx,
  act: Act,
  userId: string,
  passwordHash: string,
): Promise<void> {
  const { rowCount } = await tx.query(
    "update users set password_hash = $2, must_change_password = true where users.id = $1",
    [userId, passwordHash],
  );
  if (rowCount === 0) throw new NotFoundError("user", userId);
  await appendTimeline(tx, act, {
    kind: "user",
    id: userId,
    action: "set_one_time_password",
    from: null,
    to: null,
  });
}

/** Ends a user's access; what they did stays. Doing it again changes nothing and writes nothing. */
export async function disableUser(tx: Tx, act: Act, login: string): Promise<{ changed: boolean }> {
  const { rows } = await tx.query<{ id: string; disabled: boolean }>(
    "select users.id, users.disabled from users where users.login = $1 for update",
    [login],
  );
  const user = rows[0];
  if (user === undefined) throw new NotFoundError("user", login);
  if (user.disabled) return { changed: false };
  await tx.query("update users set disabled = true where users.id = $1", [user.id]);
  await appendTimeline(tx, act, {
    kind: "user",
    id: user.id,
    action: "disable",
    from: "enabled",
    to: "disabled",
  });
  return { changed: true };
}
