import type { CaseFile, Party } from "../case/case-file.ts";
import type { StepOf } from "../case/step-input.ts";
import type { LocalDate } from "../clocks/clock.ts";
import type { DiscretionFindings } from "../discretion/findings.ts";
import { type CaseDriver, expectRefusal, lastDocument, type Who } from "./story-driver.ts";

const trader: Party = {
  kind: "person",
  name: "陈某林",
  idNo: "510107199003074411",
  unifiedCode: null,
  legalRepresentative: null,
  birthDate: "1990-03-07",
  address: "成都市武侯区示例路 8 号 2 单元 301",
  phone: "13800000008",
  plate: null,
};

const COURT = "成都市武侯区人民法院";

/**
 * The ordinary procedure to its very end: filing through both levels, investigation, notice with a hearing, legal review,
 * discussion, decision, electronic service with consent, nobody pays, urging, the court on the first day that is open to it,
 * closing and archive. On the way it tries what is not allowed, and is refused.
 */
export async function tellOrdinaryCase(driver: CaseDriver, caseId: string): Promise<void> {
  for (const { tell } of ordinaryParts) await tell(driver, caseId);
}

async function fileIt(driver: CaseDriver, caseId: string): Promise<void> {
  const { take, by } = bind(driver, caseId);
  driver.on("2026-01-21");
  await take("officer", { step: "set_party", party: trader });
  const officers = [driver.idOf("officer"), driver.idOf("colleague")];
  expectRefusal(
    await by("officer", { step: "submit_filing", summary: "涉嫌占道经营" }),
    "duty.two_officers_required",
  );
  await take("officer", { step: "assign_officers", officers });
  await take("officer", {
    step: "record_inspection",
    place: "人民南路二段 12 号门前",
    text: "现场可见流动摊车一辆停于人行道，占用约六平方米，行人绕行机动车道。已拍照，当事人在场。",
    partyPresent: true,
    signed: "signed",
  });
  await verifyAll(driver, caseId);
  await take("officer", {
    step: "submit_filing",
    summary: "当事人三十日内三次占道经营，经劝导仍再次实施，建议立案调查。",
  });
  await take("unitHead", { step: "endorse_filing" });
  driver.on("2026-01-22");
  await take("leader", { step: "approve_filing" });
}

async function investigate(driver: CaseDriver, caseId: string): Promise<void> {
  const { take } = bind(driver, caseId);
  driver.on("2026-01-23");
  await take("officer", { step: "start_investigation", certificateShown: true, recusalAsked: true });
  await take("officer", {
    step: "summon",
    at: "2026年1月26日 14:30",
    place: "武侯区综合行政执法局询问室",
    videoLink: null,
    papers: "身份证",
  });
  await serveByHand(driver, caseId, lastDocument(await driver.file(caseId), "D04"), "2026-01-23");
  await take("officer", {
    step: "order_correction",
    what: "立即停止占道经营，将摊车移出人行道",
    dueOn: "2026-01-26",
  });
  await serveByHand(driver, caseId, lastDocument(await driver.file(caseId), "D02"), "2026-01-23");
  driver.on("2026-01-27");
  await take("officer", {
    step: "record_interview",
    person: trader.name,
    identityChecked: true,
    rightsTold: true,
    text: "问：你于何时起在该处经营？答：去年十二月起。问：收到过几次劝导？答：三次。",
    signed: "signed",
    recording: "询问室同步录音录像 2026012701",
  });
  const [order] = (await driver.file(caseId)).orders;
  if (order === undefined) throw new Error("no order on file");
  await take("officer", {
    step: "recheck_order",
    orderId: order.orderId,
    corrected: false,
    note: "到期复查，摊车仍在原处。",
  });
  await verifyAll(driver, caseId);
  const file = await driver.file(caseId);
  await take("officer", {
    step: "conclude_investigation",
    findings: repeatedFindings(standingIds(file)),
  });
}

function repeatedFindings(evidenceIds: readonly string[]): DiscretionFindings {
  return {
    basisId: "street_vending.csdl-42",
    ageYears: 35,
    incapacitated: false,
    faultDisproved: false,
    firstTime: false,
    corrected: false,
    refused: null,
    harm: "slight",
    factors: [{ id: "refuses_to_correct", evidenceIds }],
    exemptionDeclined: null,
    weighing: null,
    fractionPermille: null,
    departure: null,
  };
}

async function notify(driver: CaseDriver, caseId: string): Promise<void> {
  const { take, by } = bind(driver, caseId);
  driver.on("2026-01-28");
  await take("officer", { step: "issue_notice" });
  expectRefusal(
    await by("officer", { step: "submit_decision", penalty: await proposed(driver, caseId) }),
    "case.illegal_move",
  );
  await serveByHand(driver, caseId, lastDocument(await driver.file(caseId), "D05"), "2026-01-28");
}

async function hearTheParty(driver: CaseDriver, caseId: string): Promise<void> {
  const { take } = bind(driver, caseId);
  driver.on("2026-01-30");
  await take("party", {
    step: "receive_statement",
    about: "notice",
    text: "我知道不对，但家里困难，希望从轻处理。",
    via: "portal",
  });
  await take("party", { step: "request_hearing" });
  driver.on("2026-02-02");
  const [statement] = (await driver.file(caseId)).statements;
  if (statement === undefined) throw new Error("no statement on file");
  await take("officer", {
    step: "review_statement",
    statementId: statement.statementId,
    outcome: "not_adopted",
    reason: "家庭困难不属于法定从轻情节，可以依法申请分期缴纳；申辩不影响拟处罚数额。",
  });
  await take("leader", {
    step: "schedule_hearing",
    on: "2026-02-26",
    time: "09:30",
    place: "武侯区综合行政执法局第一会议室",
    hostId: driver.idOf("hearingHost"),
    public: true,
  });
  await serveByHand(driver, caseId, lastDocument(await driver.file(caseId), "D07"), "2026-02-02");
  driver.on("2026-02-26", "11:30");
  await take("hearingHost", {
    step: "conclude_hearing",
    outcome: "held",
    report: "当事人承认事实，请求从轻。调查人员出示监控记录、现场检查笔录、询问笔录，质证无异议。",
  });
}

async function review(driver: CaseDriver, caseId: string): Promise<void> {
  const { take, by } = bind(driver, caseId);
  driver.on("2026-02-27");
  expectRefusal(
    await by("officer", { step: "submit_decision", penalty: await proposed(driver, caseId) }),
    "legal_review.not_passed",
  );
  await take("officer", { step: "submit_legal_review" });
  driver.on("2026-03-02");
  await take("legalReviewer", {
    step: "conclude_legal_review",
    opinion: "agree",
    note: "主体适格、事实清楚、程序合法、适用依据正确、裁量适当，同意。",
  });
  await take("officer", { step: "submit_discussion" });
  driver.on("2026-03-04");
  await take("leader", {
    step: "conclude_discussion",
    members: [driver.idOf("leader"), driver.idOf("deputyLeader")],
    conclusion: "agree",
    note: "同意按拟处罚意见作出决定。",
  });
  await take("officer", { step: "submit_decision", penalty: await proposed(driver, caseId) });
}

async function decide(driver: CaseDriver, caseId: string): Promise<void> {
  const { take } = bind(driver, caseId);
  await take("unitHead", { step: "endorse_decision" });
  driver.on("2026-03-05");
  await take("leader", {
    step: "decide",
    reasons: "当事人多次占道经营，经责令改正拒不改正，依裁量权基准从重处罚；听证意见已经考虑。",
  });
  await take("publicityEditor", {
    step: "decide_publication",
    publish: false,
    reason: "对自然人的一般处罚，不具有一定社会影响，不予公开。",
  });
}

async function serveElectronically(driver: CaseDriver, caseId: string): Promise<void> {
  const { take, by } = bind(driver, caseId);
  driver.on("2026-03-10");
  const service = electronic(driver, lastDocument(await driver.file(caseId), "D09"), "2026-03-10");
  expectRefusal(await by("officer", service), "service.not_agreed");
  await take("officer", {
    step: "confirm_address",
    channels: [{ channel: "sms", address: "13800000008" }],
    signedOn: "2026-03-10",
  });
  await take("officer", service);
  driver.on("2026-03-26");
  await driver.fireClocks();
}

function electronic(driver: CaseDriver, docId: string, on: LocalDate): StepOf<"serve"> {
  return {
    step: "serve",
    docId,
    method: "electronic",
    attemptedOn: on,
    outcome: "served",
    on,
    officers: [driver.idOf("officer"), driver.idOf("colleague")],
    details: {
      channel: "sms",
      address: "13800000008",
      messageId: `msg-${docId}`,
      arrivalProof: "运营商回执：已到达",
    },
  };
}

async function urge(driver: CaseDriver, caseId: string): Promise<void> {
  const { take } = bind(driver, caseId);
  driver.on("2026-08-20");
  await take("officer", { step: "urge" });
  await take("officer", electronic(driver, lastDocument(await driver.file(caseId), "D12"), "2026-08-20"));
}

async function goToCourt(driver: CaseDriver, caseId: string): Promise<void> {
  const { take, by } = bind(driver, caseId);
  driver.on("2026-09-03");
  expectRefusal(await by("leader", { step: "apply_to_court", court: COURT }), "urging.running");
  driver.on("2026-09-10");
  expectRefusal(await by("leader", { step: "apply_to_court", court: COURT }), "court.too_early");
  driver.on("2026-12-11");
  expectRefusal(await by("leader", { step: "apply_to_court", court: COURT }), "court.too_late");
  driver.on("2026-09-11");
  await take("leader", { step: "apply_to_court", court: COURT });
  driver.on("2026-09-17");
  await take("officer", {
    step: "record_court",
    kind: "accepted",
    on: "2026-09-17",
    note: "（2026）川0107行审8号",
  });
  driver.on("2026-09-24");
  await take("officer", {
    step: "record_court",
    kind: "ruled_enforce",
    on: "2026-09-24",
    note: "裁定准予强制执行",
  });
  driver.on("2026-11-10");
  await take("officer", { step: "record_court", kind: "executed", on: "2026-11-10", note: "款项已划缴国库" });
}

async function close(driver: CaseDriver, caseId: string): Promise<void> {
  const { take } = bind(driver, caseId);
  driver.on("2026-11-12");
  await take("officer", { step: "request_closing" });
  await take("unitHead", { step: "endorse_closing" });
  await take("leader", { step: "close" });
  driver.on("2026-11-20");
  await take("archivist", { step: "archive" });
}

/** The story in parts, so that it can be stopped between two of them. */
export const ordinaryParts = [
  { reached: "filed", tell: fileIt },
  { reached: "investigated", tell: investigate },
  { reached: "notice_served", tell: notify },
  { reached: "hearing_held", tell: hearTheParty },
  { reached: "decision_pending", tell: review },
  { reached: "decided", tell: decide },
  { reached: "overdue", tell: serveElectronically },
  { reached: "urged", tell: urge },
  { reached: "executed", tell: goToCourt },
  { reached: "archived", tell: close },
] as const;

export type PartReached = (typeof ordinaryParts)[number]["reached"];

function bind(driver: CaseDriver, caseId: string) {
  return {
    take: (who: Who, step: Parameters<CaseDriver["take"]>[2]) => driver.take(caseId, who, step),
    by: (who: Who, step: Parameters<CaseDriver["take"]>[2]) => driver.refused(caseId, who, step),
  };
}

async function proposed(driver: CaseDriver, caseId: string) {
  const { notice } = await driver.file(caseId);
  if (notice === null) throw new Error("no notice on file");
  return notice.proposal;
}

/** Evidence that stands: what a finding may rest on. */
export function standingIds(file: CaseFile): string[] {
  return file.evidence.filter(({ withdrawn }) => withdrawn === null).map(({ evidenceId }) => evidenceId);
}

/** Handed over by both officers and signed for by the party. */
export async function serveByHand(
  driver: CaseDriver,
  caseId: string,
  docId: string,
  on: LocalDate,
): Promise<void> {
  await driver.take(caseId, "officer", {
    step: "serve",
    docId,
    method: "direct",
    attemptedOn: on,
    outcome: "served",
    on,
    officers: [driver.idOf("officer"), driver.idOf("colleague")],
    details: { receiver: trader.name, receiverRole: "本人" },
  });
}

/**
 * 查证属实: whatever nobody has checked yet, by the officer who did not review the record. A record that is only a clue is
 * refused as evidence and taken out of the case.
 */
export async function verifyAll(driver: CaseDriver, caseId: string): Promise<void> {
  for (const { evidenceId, kind, verified, withdrawn } of (await driver.file(caseId)).evidence) {
    if (verified !== null || withdrawn !== null) continue;
    const verify = { step: "verify_evidence", evidenceId, note: "与现场核对一致" } as const;
    if (kind === "camera_record" && driver.cameraRecords === "lead") {
      expectRefusal(await driver.refused(caseId, "colleague", verify), "evidence.camera_unusable");
      await driver.take(caseId, "officer", {
        step: "withdraw_evidence",
        evidenceId,
        reason: "该记录采集时时钟未校准，仅作线索，不作为证据使用。",
      });
      continue;
    }
    await driver.take(caseId, "colleague", verify);
  }
}
