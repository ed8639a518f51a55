import { courtEvents, evidenceKinds, evidenceSources } from "../../casework/case/case-file.ts";
import type { StepName } from "../../casework/case/step-input.ts";
import {
  bool,
  choice,
  choices,
  date,
  evidenceOptions,
  findingsFields,
  group,
  lines,
  long,
  money,
  option,
  partyFields,
  past,
  penaltyFields,
  peopleOptions,
  peopleWith,
  proposedPenalty,
  reason,
  rows,
  serviceFields,
  tableOptions,
  text,
  time,
  unverifiedOptions,
} from "./case-form-parts.ts";
import { type About, type Field, isLeftOut, type Option } from "./form-fields.ts";

const signatures = [option("signed", "已签名", "signed"), option("refused", "拒绝签名", "refused to sign")];
const ends = [
  option("upheld", "维持", "upheld"),
  option("changed", "变更", "changed"),
  option("revoked", "撤销", "revoked"),
  option("unlawful", "确认违法", "found unlawful"),
  option("withdrawn", "撤回", "withdrawn"),
];
const voided = option("void", "确认无效", "void");
const handlers = choices(
  "officers",
  "承办人员（至少两名）",
  "Officers (at least two)",
  peopleWith("officer"),
  {
    initial: ({ file }) => file.handlers,
  },
);
const note = long("note", "情况说明", "Note");
const proof = long("note", "撤回的依据（撤回时必填）", "What shows it (where withdrawn)", { optional: true });
const penalty = group("penalty", "处罚", "Penalty", penaltyFields, { initial: proposedPenalty });
const findings = group("findings", "认定的事实和情节", "Findings", findingsFields, {
  initial: ({ file }) => file.findings ?? {},
});
const signed = choice("signed", "签名", "Signature", signatures);

const waiting =
  <Row>(rowsOf: (about: About) => readonly Row[], toOption: (row: Row) => Option) =>
  (about: About): readonly Option[] =>
    rowsOf(about).map(toOption);
const same = (value: string, label: string): Option => [value, { zh: label, en: label }];

const openRecusals = waiting(
  ({ file, people }) =>
    file.recusals
      .filter(({ decision }) => decision === null)
      .map((one) => ({ ...one, name: people.find(([id]) => id === one.personId)?.[1] ?? one.personId })),
  ({ recusalId, name, reason: why }) => same(recusalId, `${name}：${why}`),
);
const openPreservations = waiting(
  ({ file }) => file.preservations.filter(({ resolved }) => resolved === null),
  ({ preservationId, items }) => same(preservationId, items.join("、")),
);
const openOrders = waiting(
  ({ file }) => file.orders.filter(({ recheck }) => recheck === null),
  ({ orderId, what, dueOn }) => same(orderId, `${what}（${dueOn}）`),
);
const openStatements = waiting(
  ({ file }) => file.statements.filter(({ review }) => review === null),
  ({ statementId, receivedOn, text: said }) => same(statementId, `${receivedOn} ${said.slice(0, 40)}`),
);
const runningNotices = waiting(
  ({ file }) => file.services.filter(({ outcome }) => outcome === "running"),
  ({ serviceId, code, attemptedOn }) => same(serviceId, `${code} ${attemptedOn}`),
);

/** Records of interviews and inspections have steps of their own. */
const { interview_record: _, inspection_record: __, ...addedKinds } = evidenceKinds;

/** What each step asks for, in the order of the procedure. A step without fields needs only its button. */
export const caseForms = {
  extend_verification: [reason],
  set_party: [group("party", "当事人", "Party", partyFields, { initial: ({ file }) => file.party ?? {} })],
  assign_officers: [handlers],
  add_evidence: [
    choice("kind", "种类", "Kind", tableOptions(addedKinds)),
    text("title", "名称", "Title"),
    text("incidentId", "事件编号（监控记录）", "Incident (for a camera record)", {
      optional: true,
      when: ({ kind }) => kind === "camera_record",
    }),
    choice("from", "来源", "From", tableOptions(evidenceSources), {
      when: ({ kind }) => kind !== "party_statement" && kind !== "camera_record",
    }),
    text("sha256", "文件 SHA-256", "SHA-256 of the file", { optional: true }),
  ],
  verify_evidence: [
    choice("evidenceId", "证据", "Evidence", unverifiedOptions),
    long("note", "查证情况", "How it was checked"),
  ],
  withdraw_evidence: [choice("evidenceId", "证据", "Evidence", evidenceOptions), reason],
  submit_filing: [
    long("summary", "简要案情和立案理由", "What happened, and why to file", {
      initial: ({ file }) => file.act.summary || undefined,
    }),
    bool(
      "seriousHarm",
      "涉及公民生命健康安全、金融安全且有危害后果（追究期限五年）",
      "Life, health or finance was harmed",
    ),
  ],
  endorse_filing: [],
  approve_filing: [],
  decline_filing: [
    reason,
    long("complaintAnswer", "对投诉人的答复", "Answer to whoever complained", { optional: true }),
  ],
  start_investigation: [
    bool("certificateShown", "已出示执法证件", "Certificates were shown"),
    bool("recusalAsked", "已告知申请回避的权利", "The right to ask for recusal was told"),
  ],
  summon: [
    text("at", "时间", "When"),
    text("place", "地点", "Where"),
    text("videoLink", "视频询问链接", "Video link", { optional: true }),
    long("papers", "须携带的材料", "What to bring"),
  ],
  record_interview: [
    text("person", "被询问人", "Person"),
    bool("identityChecked", "已核对身份", "Identity was checked"),
    bool("rightsTold", "已告知权利义务", "Rights and duties were told"),
    long("text", "问答", "Questions and answers"),
    signed,
    text("recording", "同步录音录像", "Recording", { optional: true }),
  ],
  record_inspection: [
    text("place", "地点", "Where", { initial: ({ file }) => file.act.place }),
    long("text", "现场情况", "What was found"),
    bool("partyPresent", "当事人在场", "The party was there"),
    choice("signed", "签名", "Signature", [...signatures, option("absent", "当事人不在场", "absent")]),
  ],
  record_extraction: [
    choice("evidenceId", "证据", "Evidence", evidenceOptions),
    long("method", "提取方法", "Method"),
    long("proves", "证明对象", "What it proves"),
  ],
  ask_recusal: [choice("personId", "被申请回避人", "Person", peopleOptions, { free: true }), reason],
  decide_recusal: [
    choice("recusalId", "申请", "Request", openRecusals),
    bool("granted", "同意回避", "Granted"),
  ],
  preserve_evidence: [lines("items", "物品清单（每行一件）", "Items, one a line"), reason],
  resolve_preservation: [
    choice("preservationId", "登记保存", "Preservation", openPreservations),
    long("outcome", "处理结果", "Outcome"),
  ],
  order_correction: [long("what", "改正内容", "What to put right"), date("dueOn", "改正期限", "Due")],
  recheck_order: [
    choice("orderId", "责令改正", "Order", openOrders),
    bool("corrected", "已改正", "It was put right"),
    long("note", "复查情况", "What was seen"),
  ],
  ask_assistance: [text("receiver", "协助机关", "Authority"), long("request", "协助事项", "What is asked")],
  suspend: [reason],
  resume: [reason],
  conclude_investigation: [findings],
  reopen_investigation: [reason],
  decide_no_penalty: [reason, long("education", "教育情况", "What was explained to the party")],
  dismiss: [reason],
  terminate: [reason],
  transfer: [
    choice("to", "移送对象", "To", [
      option("agency", "有权行政机关", "another agency"),
      option("judicial", "司法机关", "judicial authority"),
    ]),
    text("receiver", "接收机关", "Receiver"),
    reason,
  ],
  issue_notice: [
    group("penalty", "拟处罚与计算结果不同", "The proposal is not the computed fine", penaltyFields, {
      omit: true,
      initial: proposedPenalty,
    }),
  ],
  receive_statement: [
    choice("about", "针对", "About", [
      option("notice", "事先告知", "the notice"),
      option("urging", "催告", "the urging"),
      option("record", "监控记录", "the record"),
    ]),
    long("text", "陈述申辩内容", "What was said"),
    choice("via", "方式", "Received", [
      option("window", "窗口", "at the window"),
      option("letter", "书面", "by letter"),
      option("oral", "口头", "orally"),
      option("portal", "网上", "through the portal"),
    ]),
  ],
  review_statement: [
    choice("statementId", "陈述申辩", "Statement", openStatements),
    choice("outcome", "复核结论", "Outcome", [
      option("adopted", "采纳", "adopted"),
      option("partly_adopted", "部分采纳", "partly adopted"),
      option("not_adopted", "不予采纳", "not adopted"),
    ]),
    reason,
  ],
  waive_window: [note],
  request_hearing: [],
  schedule_hearing: [
    date("on", "听证日期", "Date"),
    time("time", "时间", "Time"),
    text("place", "地点", "Place"),
    choice("hostId", "听证主持人", "Host", peopleWith("hearing_host"), { always: true }),
    bool("public", "公开举行", "In public", { initial: () => true }),
  ],
  conclude_hearing: [
    choice("outcome", "结果", "Outcome", [
      option("held", "已举行", "held"),
      option("no_show", "无正当理由未到", "nobody came"),
      option("withdrawn", "撤回听证申请", "withdrawn"),
    ]),
    long("report", "听证报告", "Report"),
  ],
  submit_legal_review: [],
  conclude_legal_review: [
    choice("opinion", "意见", "Opinion", [
      option("agree", "同意", "agree"),
      option("return", "退回", "return"),
    ]),
    long("note", "审核意见", "Note"),
  ],
  submit_discussion: [],
  conclude_discussion: [
    choices("members", "参加人员", "Members", peopleWith("agency_leader"), { initial: ({ me }) => [me] }),
    choice("conclusion", "结论", "Conclusion", [
      option("agree", "同意", "agree"),
      option("disagree", "不同意", "disagree"),
    ]),
    long("note", "讨论情况", "Note"),
  ],
  submit_decision: [penalty],
  endorse_decision: [],
  decide: [long("reasons", "决定理由", "Reasons")],
  return_decision: [reason],
  extend_decision: [
    bool("afterDiscussion", "经集体讨论再次延长", "Again, after discussion"),
    choices(
      "members",
      "参加讨论的人员（经集体讨论时必填）",
      "Who discussed it",
      peopleWith("agency_leader"),
      {
        optional: true,
        when: ({ afterDiscussion }) => afterDiscussion === true,
      },
    ),
    reason,
  ],
  decide_on_the_spot: [
    findings,
    penalty,
    bool("factsTold", "已当场告知事实、理由、依据和权利", "Facts, reasons, basis and rights were told"),
    long("partyHeard", "当事人陈述申辩", "What the party said"),
    bool("certificateShown", "已出示执法证件", "Certificates were shown"),
    choice("presence", "当场方式", "Presence", [
      option("in_person", "现场", "in person"),
      option("at_window", "窗口", "at the window"),
      option("verified_video", "视频核验", "verified video"),
    ]),
    signed,
    choice("collectedOnSpot", "当场收缴", "Collected on the spot", [
      option("no", "否", "no"),
      option("small_fine", "一百元以下", "a small fine"),
      option("hard_to_collect", "事后难以执行", "hard to collect later"),
      option("remote_area", "边远、水上、交通不便地区", "a remote area"),
    ]),
    long("collectionReason", "当场收缴的具体情况", "Why on the spot", { optional: true }),
  ],
  confirm_address: [
    rows("channels", "送达方式和地址", "Channels", [
      text("channel", "方式（sms、email …）", "Channel (sms, email …)"),
      text("address", "地址", "Address"),
    ]),
    past("signedOn", "签署日期", "Signed on"),
  ],
  revoke_address: [],
  serve: serviceFields,
  complete_public_notice: [choice("serviceId", "公告", "Notice", runningNotices)],
  grant_deferral: [
    rows("instalments", "分期", "Instalments", [
      date("dueOn", "缴纳期限", "Due"),
      money("amountFen", "金额（元）", "Amount (yuan)"),
    ]),
    reason,
  ],
  record_payment: [
    text("receiptNo", "票据号", "Receipt"),
    past("paidOn", "缴款日期", "Paid on"),
    money("amountFen", "金额（元）", "Amount (yuan)"),
  ],
  confirm_performance: [note],
  mark_overdue: [],
  urge: [],
  apply_to_court: [text("court", "人民法院", "Court")],
  record_court: [
    choice("kind", "法院文书", "What the court did", tableOptions(courtEvents)),
    past("on", "日期", "On"),
    note,
  ],
  file_review: [
    past("filedOn", "申请日期", "Filed on"),
    choice("via", "递交", "Handed to", [
      option("review_body", "复议机关", "the review body"),
      option("this_agency", "本机关转送", "this agency"),
    ]),
  ],
  forward_review: [],
  end_review: [choice("kind", "结果", "Outcome", ends), past("receivedOn", "收到日期", "Received on"), proof],
  file_suit: [past("filedOn", "起诉日期", "Filed on"), text("court", "人民法院", "Court")],
  end_suit: [choice("kind", "结果", "Outcome", [...ends, voided]), past("on", "日期", "On"), proof],
  change_decision: [
    choice("by", "作出机关", "By", [
      option("agency", "本机关", "this agency"),
      option("review_body", "复议机关", "the review body"),
      option("court", "人民法院", "the court"),
    ]),
    choice("kind", "内容", "What", [...ends.slice(1, 4), voided]),
    reason,
    group("penalty", "变更后的处罚", "Penalty from now on", penaltyFields, { optional: true }),
  ],
  decide_publication: [bool("publish", "予以公示", "Publish"), reason],
  withdraw_publication: [reason],
  request_closing: [],
  endorse_closing: [],
  close: [],
  archive: [],
} as const satisfies Record<StepName, readonly Field[]>;

/** Steps beside the way: opened seldom, so they stand behind a fold. */
export const asideSteps: readonly StepName[] = [
  "extend_verification",
  "decline_filing",
  "withdraw_evidence",
  "ask_recusal",
  "decide_recusal",
  "ask_assistance",
  "suspend",
  "reopen_investigation",
  "decide_no_penalty",
  "dismiss",
  "terminate",
  "transfer",
  "waive_window",
  "receive_statement",
  "request_hearing",
  "return_decision",
  "extend_decision",
  "decide_on_the_spot",
  "confirm_address",
  "revoke_address",
  "grant_deferral",
  "file_review",
  "forward_review",
  "end_review",
  "file_suit",
  "end_suit",
  "change_decision",
  "withdraw_publication",
];

/** Whether a step is open by the table, but has nothing to be about: no order to look at again, nothing to serve. */
export function isIdle(step: StepName, about: About): boolean {
  const { overlays, addressConfirmation } = about.file;
  if (step === "resume") return !overlays.includes("suspended");
  if (step === "revoke_address")
    return addressConfirmation === null || addressConfirmation.revokedOn !== null;
  const fields: readonly Field[] = caseForms[step];
  return fields.some(
    (field) =>
      field.kind === "choice" &&
      !isLeftOut(field) &&
      field.free !== true &&
      field.always !== true &&
      field.options(about).length === 0,
  );
}
