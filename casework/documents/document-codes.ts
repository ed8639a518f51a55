/**
 * Every document (文书) of a case. `mark`: the 字 of its number, null for forms without one; `external`: it goes to the
 * party or another authority; the others stay in the file.
 */
export const documentCodes = {
  W01: { zh: "远端劝导记录", mark: null, external: false },
  D02: { zh: "责令改正通知书", mark: "责改", external: true },
  D03: { zh: "当场行政处罚决定书", mark: "当罚", external: true },
  D04: { zh: "询问（调查）通知书", mark: "询通", external: true },
  D05: { zh: "行政处罚事先告知书", mark: "罚告", external: true },
  D06: { zh: "行政处罚听证告知书", mark: "听告", external: true },
  D07: { zh: "听证通知书", mark: "听通", external: true },
  D08: { zh: "不予行政处罚决定书", mark: "不罚", external: true },
  D09: { zh: "行政处罚决定书", mark: "罚决", external: true },
  D10: { zh: "送达回证", mark: null, external: true },
  D11: { zh: "送达地址（方式）确认书", mark: null, external: true },
  D12: { zh: "履行行政决定催告书", mark: "催", external: true },
  D13: { zh: "延期（分期）缴纳罚款批准书", mark: "缓缴", external: true },
  D14: { zh: "先行登记保存证据通知书", mark: "登保", external: true },
  D16: { zh: "电子技术监控记录告知书", mark: "监告", external: true },
  D17: { zh: "变更（撤销）行政处罚决定书", mark: "撤", external: true },
  D19: { zh: "行政强制执行申请书", mark: "强申", external: true },
  D20: { zh: "案件移送函", mark: "移", external: true },
  D21: { zh: "协助调查函", mark: "协", external: true },
  D22: { zh: "送达公告", mark: "公", external: true },
  N01: { zh: "案件线索登记核查表", mark: null, external: false },
  N02: { zh: "立案审批表", mark: "立", external: false },
  N04: { zh: "询问笔录", mark: null, external: false },
  N05: { zh: "现场检查（勘验）笔录", mark: null, external: false },
  N06: { zh: "电子数据（视听资料）提取说明", mark: null, external: false },
  N07: { zh: "电子技术监控记录审核表", mark: null, external: false },
  N08: { zh: "案件调查终结报告", mark: null, external: false },
  N09: { zh: "陈述申辩复核意见书", mark: null, external: false },
  N10: { zh: "听证报告", mark: null, external: false },
  N11: { zh: "法制审核意见书", mark: "法审", external: false },
  N12: { zh: "重大案件集体讨论记录", mark: null, external: false },
  N13: { zh: "行政处罚决定审批表", mark: null, external: false },
  N14: { zh: "延长办案期限审批表", mark: null, external: false },
  N15: { zh: "终止调查（撤案）审批表", mark: null, external: false },
  N16: { zh: "结案审批表", mark: null, external: false },
  N17: { zh: "卷宗封面、目录", mark: null, external: false },
  N18: { zh: "公示信息审核表", mark: null, external: false },
  N20: { zh: "个案监督意见书（督办单）", mark: "督", external: false },
  N21: { zh: "监控设备法制审核表", mark: null, external: false },
  N22: { zh: "监控设备技术审核表", mark: null, external: false },
  N23: { zh: "视频调阅登记表", mark: null, external: false },
  N24: { zh: "缴款通知（票据登记）", mark: null, external: true },
  N25: { zh: "不予立案审批表", mark: null, external: false },
} as const;

export type DocumentCode = keyof typeof documentCodes;

/** A document a step issues: what only this step knows; everything else is read from the case. */
export interface DocumentDraft {
  readonly docId: string;
  readonly code: DocumentCode;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The document it replaces; an issued one is never edited. */
  readonly replaces?: string;
}
