import type pg from "pg";
import type { AgencyFacts } from "../../casework/case/step-facts.ts";
import type { RoleId } from "../../casework/roles.ts";
import type { Who } from "../../casework/stories/story-driver.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { putAgency } from "../../store/agency-store.ts";
import { recordCertificate, recordLegalQualification } from "../../store/certificate-store.ts";
import { confirmParameter } from "../../store/parameter-store.ts";
import { hashPassword, newOneTimePassword } from "../../store/passwords.ts";
import { withTx } from "../../store/pool.ts";
import { addUser } from "../../store/user-store.ts";

export const DEMO_REGION = "510107";

export type DemoPeople = Readonly<
  Record<Exclude<Who, "system" | "party">, { readonly userId: string; readonly roles: readonly RoleId[] }>
>;

export const demoAgency: AgencyFacts = {
  agency: `${DEMO_REGION}01`,
  region: DEMO_REGION,
  zh: "成都市武侯区综合行政执法局（演示）",
  numberPrefix: "武综执",
  address: "成都市武侯区示例街 1 号",
  phone: "028-00000000",
  reviewBody: "成都市武侯区人民政府",
  court: "成都市武侯区人民法院",
  payee: "武侯区财政局非税收入专户（示例银行 0000 0000 0000）",
  powers: ["street_vending", "store_overflow", "vehicle_sidewalk"],
};

const PEOPLE: Record<keyof DemoPeople, { name: string; roles: readonly RoleId[] }> = {
  officer: { name: "李执法", roles: ["officer"] },
  colleague: { name: "何执法", roles: ["officer"] },
  unitHead: { name: "王队长", roles: ["unit_head"] },
  leader: { name: "赵局长", roles: ["agency_leader"] },
  deputyLeader: { name: "钱副局长", roles: ["agency_leader"] },
  legalReviewer: { name: "周法制", roles: ["legal_reviewer"] },
  hearingHost: { name: "吴主持", roles: ["hearing_host"] },
  reviewer: { name: "张审核", roles: ["content_reviewer"] },
  equipmentReviewer: { name: "孙技术", roles: ["equipment_reviewer"] },
  publicityEditor: { name: "郑公示", roles: ["publicity_editor"] },
  archivist: { name: "冯档案", roles: ["archivist"] },
};

/** An agency with its people, certified and confirmed as the law wants before anything can be decided. */
export async function seedDemoAgency(pool: pg.Pool, at: number): Promise<DemoPeople> {
  const system: Act = { actor: { kind: "system", name: "demo" }, scope: "every", at, newId };
  // Nobody signs in to a demo; one hash serves all.
  const passwordHash = await hashPassword(newOneTimePassword());
  await withTx(pool, (tx) => putAgency(tx, system, demoAgency));
  const people: Partial<Record<keyof DemoPeople, DemoPeople[keyof DemoPeople]>> = {};
  for (const [who, { name, roles }] of Object.entries(PEOPLE)) {
    const user = { login: who.toLowerCase(), displayName: name, passwordHash, mustChangePassword: true };
    people[who as keyof DemoPeople] = await withTx(pool, async (tx) => {
      const { userId } = await addUser(tx, system, { ...user, roles, regions: [DEMO_REGION] });
      await certify(tx, system, userId, roles);
      return { userId, roles };
    });
  }
  const seeded = people as DemoPeople;
  const { userId, roles } = seeded.legalReviewer;
  await confirmThresholds(pool, { ...system, actor: { kind: "user", userId, roles } });
  return seeded;
}

async function certify(
  tx: Parameters<typeof recordCertificate>[0],
  act: Act,
  userId: string,
  roles: readonly RoleId[],
): Promise<void> {
  if (roles.includes("officer"))
    await recordCertificate(tx, act, {
      userId,
      no: `川A-${userId.slice(-6)}`,
      validFrom: "2024-01-01",
      validTo: "2029-12-31",
    });
  if (roles.includes("legal_reviewer")) await recordLegalQualification(tx, act, userId, true);
}

/** In a real installation a person confirms these from the province's own text; the demo says that it is one. */
async function confirmThresholds(pool: pg.Pool, act: Act): Promise<void> {
  const setting = { source: "演示数据，并非四川省的规定", validFrom: null, validTo: null };
  await withTx(pool, async (tx) => {
    await confirmParameter(tx, act, { key: "hearing.threshold.person", value: 500_000, ...setting });
    await confirmParameter(tx, act, { key: "hearing.threshold.unit", value: 5_000_000, ...setting });
  });
}
