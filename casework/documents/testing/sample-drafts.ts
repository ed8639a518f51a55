import type { DocumentCode, DocumentDraft } from "../document-codes.ts";

const camera = {
  cameraName: "一环路东五段口固定摄像机",
  cameraCode: "JJ-0107",
  cameraPlace: "一环路东五段与莲桂南路交叉口",
};

/** Documents about an incident or a camera: only the draft knows them. */
export const incidentDrafts: Partial<Record<DocumentCode, DocumentDraft["fields"]>> = {
  W01: {
    ...{ actTime: "2026年3月1日 18:20", actPlace: "一环路东五段12号门前人行道", target: "门前摊位经营者" },
    ...{ channel: "路侧扩音设备", said: "请将摊位移至划定的经营区域内。", sentAt: "2026年3月1日 18:23" },
    ...{ receipt: "播放完成", result: "18:40复核时仍未改正", approvedBy: "李建国" },
  },
  D16: {
    ...camera,
    ...{ partyName: "张某某", actTime: "2026年3月1日 18:20", actPlace: "一环路东五段12号门前人行道" },
    ...{
      facts: "在人行道摆放餐桌五张经营餐饮",
      queryCode: "7K3M-Q9TX",
      queryUrl: "https://example.gov.cn/q",
    },
    answerWays: "可以通过查询网址提交，也可以到本机关窗口或者寄送书面材料",
  },
  N07: {
    ...camera,
    ...{ actTime: "2026年3月1日 18:20", actPlace: "一环路东五段12号门前人行道" },
    ...{ testTrue: "是", testClear: "是", testComplete: "是，含前后各十秒", testAccurate: "是" },
    ...{ conclusion: "审核通过", contentReviewer: "赵一", recordReviewedOn: "2026-03-02" },
  },
  N20: {
    ...{ checkCode: "SP06", checkName: "送达超期", finding: "决定作出后第九个工作日仍未送达。" },
    ...{ request: "立即送达并书面说明原因。", dueOn: "2026-03-20", supervisor: "刘督" },
  },
  N21: {
    ...camera,
    ...{ legalGround: "辖区占道经营多发，经审批设置", standard: "符合相关技术标准", placement: "正对人行道" },
    ...{ sign: "设有提示标志", publicity: "已公布", useAuthority: "印证使用", opinion: "审核通过" },
    ...{ reviewedBy: "吴静", reviewedOn: "2026-01-05", validUntil: "2026-12-31" },
  },
  N22: {
    ...camera,
    ...{
      resolution: "1920×1080，夜间可辨",
      clockError: "0.2秒",
      position: "取景完整",
      storage: "存储三十日",
    },
    ...{ opinion: "审核通过", reviewedBy: "冯工", reviewedOn: "2026-01-06", validUntil: "2026-12-31" },
  },
  N23: {
    ...camera,
    ...{ requestedBy: "李建国", unit: "执法一中队", purpose: "办理占道经营案件取证" },
    ...{ content: "3月1日18时段录像", period: "2026年3月1日 18:00至19:00", viewedOn: "2026-03-02" },
  },
};

/** What only the step knew. */
export const caseDrafts: Partial<Record<DocumentCode, DocumentDraft["fields"]>> = {
  D03: {
    partyHeard: "认可事实，愿意接受处罚。",
    collectedOnSpot: "no",
    signed: "signed",
    presence: "in_person",
  },
  D04: {
    at: "2026年3月6日 9时30分",
    place: "执法一中队办公室",
    videoLink: null,
    papers: "居民身份证、营业执照",
  },
  D10: { serviceId: "service-2" },
  D20: { to: "judicial", receiver: "成都市公安局锦江区分局" },
  D21: { receiver: "锦江区市场监督管理局", request: "协助查询当事人的营业执照登记情况。" },
  D22: { serviceId: "service-3" },
  N04: {
    ...{
      person: "张某某",
      identityChecked: true,
      rightsTold: true,
      signed: "signed",
      recording: "录音录像一份",
    },
    text: "问：3月1日18时你是否在一环路东五段12号门前摆放餐桌？\n答：是，一共五张。",
  },
  N05: {
    ...{ place: "一环路东五段12号门前", partyPresent: true, signed: "refused" },
    text: "门前人行道上摆放餐桌五张、塑料凳二十个，占用人行道约十五平方米。",
  },
  N06: {
    evidenceId: "e1",
    method: "从证据包导出原始视频并校验哈希值",
    proves: "证明当事人占用人行道经营的事实",
  },
  N09: { statementId: "s1" },
};
