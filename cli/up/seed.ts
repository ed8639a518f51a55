import type { Pool } from "pg";
import type { RoleId } from "../../casework/roles.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { putCamera } from "../../store/camera-store.ts";
import { hashPassword, newOneTimePassword } from "../../store/passwords.ts";
import { withTx } from "../../store/pool.ts";
import { listUsers } from "../../store/user-read-model.ts";
import { addUser, setOneTimePassword } from "../../store/user-store.ts";

const REGION = "510107";

/** One person per step of the way from review to filing: nobody may take two of them. */
const PEOPLE: readonly { login: string; displayName: string; roles: readonly RoleId[] }[] = [
  { login: "zhang", displayName: "张审核（审核、执法）", roles: ["content_reviewer", "officer"] },
  { login: "li", displayName: "李执法", roles: ["officer"] },
  { login: "wang", displayName: "王队长（承办机构负责人）", roles: ["unit_head"] },
  { login: "sun", displayName: "孙专员（个人信息保护负责人）", roles: ["privacy_officer"] },
  { login: "zhao", displayName: "赵局长（行政机关负责人）", roles: ["agency_leader"] },
];

export interface SeededUser {
  readonly login: string;
  readonly displayName: string;
  /** Null: this person has chosen a password already. */
  readonly oneTimePassword: string | null;
}

function seedAct(): Act {
  return { actor: { kind: "system", name: "up" }, scope: "every", at: Date.now(), newId };
}

/** The people of the sample agency. Who has not chosen a password yet gets a fresh one-time password. */
export async function seedUsers(pool: Pool): Promise<SeededUser[]> {
  const known = new Map((await listUsers(pool)).map((user) => [user.login, user]));
  const seeded: SeededUser[] = [];
  for (const person of PEOPLE) {
    const user = known.get(person.login);
    if (user && !user.mustChangePassword) {
      seeded.push({ ...person, oneTimePassword: null });
      continue;
    }
    const oneTimePassword = newOneTimePassword();
    const passwordHash = await hashPassword(oneTimePassword);
    await withTx<unknown>(pool, (tx) =>
      user
        ? setOneTimePassword(tx, seedAct(), user.userId, passwordHash)
        : addUser(tx, seedAct(), { ...person, passwordHash, mustChangePassword: true, regions: [REGION] }),
    );
    seeded.push({ ...person, oneTimePassword });
  }
  return seeded;
}

export async function seedCameras(pool: Pool, cameras: readonly Camera[]): Promise<void> {
  for (const camera of cameras) {
    await withTx(pool, (tx) => putCamera(tx, seedAct(), { camera, enabled: true }));
  }
}
