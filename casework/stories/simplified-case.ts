import { standingIds, verifyAll } from "./ordinary-case.ts";
import type { CaseDriver } from "./story-driver.ts";

/**
 * The simplified procedure (当场处罚): facts clear, two officers, a fine of 200 yuan at most, decided and handed over on the
 * spot, paid at the bank, closed and archived.
 */
export async function tellSimplifiedCase(driver: CaseDriver, caseId: string): Promise<void> {
  const take = (who: Parameters<CaseDriver["take"]>[1], step: Parameters<CaseDriver["take"]>[2]) =>
    driver.take(caseId, who, step);
  driver.on("2026-03-16");
  await take("officer", {
    step: "set_party",
    party: {
      kind: "individual_business",
      name: "武侯区示例水果店",
      idNo: null,
      unifiedCode: "92510107MA00000001",
      legalRepresentative: "刘某芳",
      birthDate: null,
      address: "成都市武侯区人民南路二段 16 号",
      phone: "13800000016",
      plate: null,
    },
  });
  await take("officer", {
    step: "assign_officers",
    officers: [driver.idOf("officer"), driver.idOf("colleague")],
  });
  await take("officer", {
    step: "record_inspection",
    place: "人民南路二段 16 号门前",
    text: "店主将货架摆至人行道，占用约两平方米，现场出示执法证件并告知。",
    partyPresent: true,
    signed: "signed",
  });
  await verifyAll(driver, caseId);
  const evidenceIds = standingIds(await driver.file(caseId));
  await take("officer", {
    step: "decide_on_the_spot",
    penalty: { kinds: ["fine"], fineFen: 20_000, confiscation: null, basisId: "street_vending.csdl-42" },
    findings: {
      basisId: "street_vending.csdl-42",
      ageYears: null,
      incapacitated: false,
      faultDisproved: false,
      firstTime: false,
      corrected: true,
      refused: null,
      harm: "slight",
      factors: [{ id: "harm_reduced", evidenceIds }],
      exemptionDeclined: null,
      weighing: null,
      fractionPermille: 10,
      departure: null,
    },
    factsTold: true,
    partyHeard: "当事人对事实没有异议，已当场整改。",
    certificateShown: true,
    presence: "in_person",
    signed: "signed",
    collectedOnSpot: "no",
  });
  driver.on("2026-03-18");
  await take("publicityEditor", {
    step: "decide_publication",
    publish: false,
    reason: "当场处罚，不具有一定社会影响。",
  });
  driver.on("2026-03-24");
  await take("system", {
    step: "record_payment",
    receiptNo: "PJ-2026-0001",
    paidOn: "2026-03-24",
    amountFen: 20_000,
  });
  driver.on("2026-03-26");
  await take("officer", { step: "request_closing" });
  await take("unitHead", { step: "endorse_closing" });
  await take("leader", { step: "close" });
  // The party could sue until 16 September.
  driver.on("2026-09-17");
  await take("archivist", { step: "archive" });
}
