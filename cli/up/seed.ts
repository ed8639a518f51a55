import type { Pool } from "pg";
import { localDate } from "../../casework/local-time.ts";
import type { RoleId } from "../../casework/roles.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { listAgencies, putAgency } from "../../store/agency-store.ts";
import { putCamera } from "../../store/camera-store.ts";
import { recordCertificate, recordLegalQualification } from "../../store/certificate-store.ts";
import { confirmParameter, readParameterSettings } from "../../store/parameter-store.ts";
import { hashPassword, newOneTimePassword } from "../../store/passwords.ts";
import { type Tx, withTx } from "../../store/pool.ts";
import { readPeople } from "../../store/step-facts.ts";
import { listUsers } from "../../store/user-read-model.ts";
import { addUser, setOneTimePassword } from "../../store/user-store.ts";
import { demoAgency } from "../demo/demo-people.ts";

const REGION = demoAgency.region;

/** One person per step of the way from review to the archive: nobody may take two of them. */
const PEOPLE: readonly { login: string; displayName: string; roles: readonly RoleId[] }[] = [
  { login: "zhang", displayName: "张审核（审核、执法）", roles: ["content_reviewer", "officer"] },
  { login: "li", displayName: "李执法", roles: ["officer"] },
  { login: "he", displayName: "何执法", roles: ["officer"] },
  { login: "wang", displayName: "王队长（承办机构负责人）", roles: ["unit_head"] },
  { login: "zhou", displayName: "周法制（法制审核）", roles: ["legal_reviewer"] },
  { login: "wu", displayName: "吴主持（听证主持人）", roles: ["hearing_host"] },
  { login: "zhao", displayName: "赵局长（行政机关负责人）", roles: ["agency_leader"] },
  { login: "qian", displayName: "钱副局长（行政机关负责人）", roles: ["agency_leader"] },
  { login: "zheng", displayName: "郑公示（公示信息发布员）", roles: ["publicity_editor"] },
  { login: "feng", displayName: "冯档案（档案员）", roles: ["archivist"] },
  { login: "tang", displayName: "唐技术（设备技术审核）", roles: ["equipment_reviewer"] },
  { login: "sun", displayName: "孙专员（个人信息保护负责人）", roles: ["privacy_officer"] },
];

/** Which fines call for a hearing is the province's to say: the sample does not pretend to know. */
const THRESHOLDS = [
  { key: "hearing.threshold.person", value: 500_000 },
  { key: "hearing.threshold.unit", value: 5_000_000 },
] as const;
const SAMPLE_SOURCE = "演示数据，并非四川省的规定";

export interface SeededUser {
  readonly login: string;
  readonly displayName: string;
  /** Null: this person has chosen a password already. */
  readonly oneTimePassword: string | null;
}

function seedAct(at: number): Act {
  return { actor: { kind: "system", name: "up" }, scope: "every", at, newId };
}

/** The people of the sample agency. Who has not chosen a password yet gets a fresh one-time password. */
export async function seedUsers(pool: Pool, at: number = Date.now()): Promise<SeededUser[]> {
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
        ? setOneTimePassword(tx, seedAct(at), user.userId, passwordHash)
        : addUser(tx, seedAct(at), { ...person, passwordHash, mustChangePassword: true, regions: [REGION] }),
    );
    seeded.push({ ...person, oneTimePassword });
  }
  return seeded;
}

/**
 * What has to be on record before the sample people can carry a case on: their agency, their certificates, the thresholds
 * of hearings. What somebody has put on record is left alone.
 */
export async function seedAgency(pool: Pool, at: number = Date.now()): Promise<void> {
  const logins = new Set(PEOPLE.map(({ login }) => login));
  const people = (await listUsers(pool)).filter(({ login }) => logins.has(login));
  const settings = await readParameterSettings(pool);
  await withTx(pool, async (tx) => {
    const known = (await listAgencies(tx, "every")).find(({ agency }) => agency === demoAgency.agency);
    // One without powers is what an upgrade puts in the place of the agency that nobody had registered.
    if (known === undefined || known.powers.length === 0) await putAgency(tx, seedAct(at), demoAgency);
    const userIds = people.map(({ userId }) => userId);
    for (const person of (await readPeople(tx, userIds, REGION)).values()) {
      if (person.roles.includes("officer") && person.certificate === null)
        await recordCertificate(tx, seedAct(at), certificateOf(person.userId, at));
      if (person.roles.includes("legal_reviewer") && !person.legalQualification)
        await recordLegalQualification(tx, seedAct(at), person.userId, true);
    }
    const lawyer = people.find(({ roles }) => roles.includes("legal_reviewer"));
    if (lawyer !== undefined)
      await confirmThresholds(
        tx,
        { ...seedAct(at), actor: { kind: "user", userId: lawyer.userId, roles: lawyer.roles } },
        settings.map(({ key }) => key),
      );
  });
}

function certificateOf(userId: string, at: number) {
  const year = Number(localDate(at).slice(0, 4));
  return {
    userId,
    no: `演示-${userId.slice(-6)}`,
    validFrom: `${year}-01-01`,
    validTo: `${year + 4}-12-31`,
  };
}

async function confirmThresholds(tx: Tx, act: Act, confirmed: readonly string[]): Promise<void> {
  for (const { key, value } of THRESHOLDS)
    if (!confirmed.includes(key))
      await confirmParameter(tx, act, { key, value, source: SAMPLE_SOURCE, validFrom: null, validTo: null });
}

export async function seedCameras(pool: Pool, cameras: readonly Camera[]): Promise<void> {
  for (const camera of cameras) {
    await withTx(pool, (tx) => putCamera(tx, seedAct(Date.now()), { camera, enabled: true }));
  }
}
