import type pg from "pg";
import type { AgencyFacts } from "../casework/case/step-facts.ts";
import type { RoleId } from "../casework/roles.ts";
import { putAgency } from "../store/agency-store.ts";
import { recordCertificate, recordLegalQualification } from "../store/certificate-store.ts";
import { confirmParameter } from "../store/parameter-store.ts";
import { withTx } from "../store/pool.ts";
import { county, makeUser, systemAct, type TestUser, userAct } from "./store-builders.ts";

export const testAgency: AgencyFacts = {
  agency: `${county}01`,
  region: county,
  zh: "成都市武侯区综合行政执法局",
  numberPrefix: "武综执",
  address: "成都市武侯区某街 2 号",
  phone: "028-00000000",
  reviewBody: "成都市武侯区人民政府",
  court: "成都市武侯区人民法院",
  payee: "武侯区财政局非税收入专户",
  powers: ["street_vending", "vehicle_sidewalk"],
};

export function makeAgency(pool: pg.Pool, changes: Partial<AgencyFacts> = {}): Promise<{ version: number }> {
  return withTx(pool, (tx) => putAgency(tx, systemAct(), { ...testAgency, ...changes }));
}

/** Gives an officer a certificate that covers the tests' years, a legal reviewer the qualification. */
export async function certify(pool: pg.Pool, userId: string, roles: readonly RoleId[]): Promise<void> {
  await withTx(pool, async (tx) => {
    if (roles.includes("officer"))
      await recordCertificate(tx, systemAct(), {
        userId,
        no: `51-${userId.slice(-6)}`,
        validFrom: "2024-01-01",
        validTo: "2035-12-31",
      });
    if (roles.includes("legal_reviewer")) await recordLegalQualification(tx, systemAct(), userId, true);
  });
}

/** Somebody who may act: with certificate or qualification, whatever the roles ask for. */
export async function makeCertified(
  pool: pg.Pool,
  roles: readonly RoleId[],
  regions: readonly string[] = [county],
): Promise<TestUser> {
  const user = await makeUser(pool, roles, regions);
  await certify(pool, user.userId, roles);
  return user;
}

/** What somebody must confirm before any decision. */
export async function confirmThresholds(pool: pg.Pool, by: TestUser): Promise<void> {
  const always = { source: "川办发〔2025〕1号（测试）", validFrom: null, validTo: null };
  await withTx(pool, async (tx) => {
    await confirmParameter(tx, userAct(by), { key: "hearing.threshold.person", value: 500_000, ...always });
    await confirmParameter(tx, userAct(by), { key: "hearing.threshold.unit", value: 5_000_000, ...always });
  });
}
