import type { CaseState } from "../case/case-states.ts";
import type { IncidentState } from "../incident/incident-lifecycle.ts";

/** Where a case stands, in words that need no lawyer. */
export const plainCaseStates: Readonly<Record<CaseState, string>> = {
  clue_verification: "执法人员正在核查线索，还没有立案。",
  not_filed: "经核查决定不予立案，事情到此为止。",
  filing_pending: "正在审批是否立案。",
  filed: "已经立案，将由两名以上执法人员调查。",
  investigating: "正在调查取证，您可以随时说明情况、提交材料。",
  investigated: "调查已经结束，正在研究处理意见。",
  notice_served: "拟作出的处罚已经告知您，您可以陈述、申辩；告知书写明可以听证的，还可以申请听证。",
  statement_review: "正在复核您的陈述和申辩，不会因此加重处罚。",
  hearing: "已经安排听证，请查看听证通知书。",
  legal_review: "正在进行法制审核。",
  collective_discussion: "正在由机关负责人集体讨论。",
  decision_pending: "正在审批处理决定。",
  decided: "已经作出处罚决定，决定书将送达给您。",
  served: "处罚决定书已经送达。",
  performing: "处罚决定书已经送达，请在期限内履行；不服的可以申请行政复议或者提起诉讼。",
  performed: "处罚已经履行完毕。",
  overdue: "履行期限已过，请尽快履行；有困难的可以申请延期或者分期缴纳。",
  urged: "催告书已经送达，请在期限内履行，也可以陈述、申辩。",
  court_applied: "已经向人民法院申请强制执行。",
  court_accepted: "人民法院已经受理强制执行申请。",
  court_ruled: "人民法院已经就强制执行作出裁定。",
  executed: "已经执行完毕。",
  execution_ended: "执行程序已经终结。",
  closed: "案件已经办结。",
  archived: "案件已经办结并归档。",
  no_penalty: "决定不予行政处罚。",
  dismissed: "违法事实不成立，不予行政处罚。",
  terminated: "案件已经终止。",
  transferred_agency: "案件已经移送有管辖权的机关。",
  transferred_judicial: "案件已经移送司法机关。",
};

/** Where the record of a camera stands, for whoever it is about. */
export const plainIncidentStates: Readonly<Record<IncidentState, string>> = {
  detected: "正在处理。",
  evidence_fixed: "正在处理。",
  review_pending: "正在由工作人员审核。",
  rejected: "经审核不采用该记录。",
  work_order: "已经派遣处置，与您无关。",
  transferred: "已经移送有管辖权的机关。",
  confirmed: "经工作人员审核确认。",
  persuading: "已经向您发出劝导，请在期限内改正；改正后不再处理。",
  corrected: "已经改正，事情到此为止。",
  not_corrected: "复查时尚未改正，请尽快改正。",
  dispatched: "将由执法人员到现场核实。",
  escalated: "已经转为案件线索，将另行通知您。",
  expired: "该记录未在期限内审核，已经作废。",
};
