import { computed, ref } from "vue";
import { overlays } from "../../casework/case/case-file.ts";
import { caseStates } from "../../casework/case/case-states.ts";
import { caseTable, stepNames } from "../../casework/case/case-table.ts";
import { clockKinds } from "../../casework/clocks/clock.ts";
import { viewPurposes } from "../../casework/evidence/evidence-access.ts";
import { exportPurposes } from "../../casework/evidence/evidence-export.ts";
import { deletionRules } from "../../casework/evidence/retention.ts";
import { escalationGrounds, incidentStates } from "../../casework/incident/incident-lifecycle.ts";
import { fourTests, rejectReasons } from "../../casework/incident/review-input.ts";
import type { Incident, Objection } from "./api.ts";
import { type Both, provisionName } from "./catalogue.ts";
import { caseWords } from "./words-case.ts";
import { lawWords } from "./words-law.ts";
import { warningWords } from "./words-warning.ts";

export type Language = "zh" | "en";

const stored = localStorage.getItem("language");
export const language = ref<Language>(stored === "en" ? "en" : "zh");

export function switchLanguage(): void {
  language.value = language.value === "zh" ? "en" : "zh";
  localStorage.setItem("language", language.value);
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
}

const zh = {
  product: "先劝",
  motto: "规范在先，处罚在后",
  signIn: "登录",
  signOut: "退出",
  login: "账号",
  password: "密码",
  newPassword: "新密码（至少 12 个字符）",
  choosePassword: "首次登录，请修改一次性密码",
  save: "保存",
  queue: "审核队列",
  empty: "没有事件",
  emptyHint: "摄像机发现疑似情形并固定证据后，会出现在这里。",
  pick: "从左侧选择一个事件",
  original: "原始画面",
  wide: "全景",
  close: "特写",
  clip: "视频片段",
  noClip: "该证据包没有视频片段",
  saveClip: "下载视频片段（原始编码，浏览器不能直接播放）",
  hints: "显示区域和目标框 (H)",
  facts: "事实",
  place: "地点",
  camera: "摄像机",
  from: "起",
  trigger: "触发",
  dwell: "停留",
  unobserved: "其中未观察到",
  limit: "规定时限",
  legal: "依据",
  machine: "机器提示（仅为线索，不作证明）",
  plate: "机器读出的号牌（未经核对，请与画面比对）",
  capture: "取证要求",
  captureMet: "符合取证要求",
  captureLead: "未达到取证要求，只作线索：",
  seal: "封存校验",
  timeline: "全过程记录",
  claim: "领取",
  release: "放回",
  claimedBy: "已由 {0} 领取",
  decide: "审核结论",
  testsHint: "逐项确认：真实、清晰、完整、准确（数字键 1–4）",
  confirm: "确认",
  reject: "不采用",
  reason: "理由",
  explain: "说明",
  warn: "发出劝导",
  openCase: "转线索立案",
  ground: "转案理由",
  note: "情况说明",
  warned: "劝导已发出，当事人链接（仅显示一次）：",
  caseOpened: "已登记案件线索：",
  opened: "当事人已查看",
  notOpened: "尚未查看",
  grace: "改正期限至",
  keys: "键盘：J/K 上下 · C 领取 · 1–4 四项 · Enter 确认 · R 不采用 · W 劝导 · P 选择对象 · L 转案 · O 原始/遮挡 · [ ] 换页",
  case: "案件",
  masked: "遮挡副本",
  maskedOnly: "您看到的是遮挡副本。原始证据未经遮挡，领取审核或经批准后方可查看。",
  noMaskedClip: "视频片段未作遮挡，须有授权方可查看。",
  askOriginal: "申请查看原始证据",
  purpose: "用途",
  whyOriginal: "为何必须查看原始画面（遮挡副本为何不够）",
  howLongOpen: "查看期限",
  hours: "{0} 小时",
  send: "提交申请",
  cancel: "取消",
  asked: "申请已提交，等待批准",
  askedAt: "提交于",
  declinedNote: "申请未获批准：",
  everyLook: "每次查看均被记录",
  openByClaim: "审核领取期内可查看原始证据",
  openByGrant: "已获授权查看原始证据",
  left: "剩余",
  giveBack: "提前结束查看",
  finished: "查看完毕",
  requests: "原始证据查看申请",
  noRequests: "没有待批准的申请",
  who: "申请人",
  approve: "批准",
  decline: "不予批准",
  ownRequest: "不得审批本人提出的申请",
  bundle: "证据包",
  exportMasked: "导出证据包（遮挡副本）",
  exportHint: "导出为 zip，内附核验工具，任何人都可核验。导出人、用途和时间记入存证日志。",
  exportWhat: "内容",
  exportWhy: "用途",
  exportAll: "导出证据包（含原始证据）",
  exporting: "正在导出…",
  maskedChoice: "遮挡副本",
  allChoice: "含原始证据（限已批准的用途）",
  hold: "保全",
  holdHint: "保全期间证据不会被删除。",
  heldByCase: "已转为案件，证据随案卷保存。",
  placeHold: "保全证据",
  releaseHold: "解除保全",
  holdWhy: "理由",
  heldBy: "{0} 于 {1} 保全",
  deleted: "证据已按保存期限规定删除，保存至 {0}：",
};

const en: typeof zh = {
  product: "Forewarn",
  motto: "Warn first, penalise last",
  signIn: "Sign in",
  signOut: "Sign out",
  login: "Account",
  password: "Password",
  newPassword: "New password (at least 12 characters)",
  choosePassword: "First sign-in: choose a password of your own",
  save: "Save",
  queue: "Review queue",
  empty: "No incidents",
  emptyHint: "Once a camera has seen something and the evidence is sealed, it appears here.",
  pick: "Choose an incident on the left",
  original: "Original",
  wide: "Wide",
  close: "Close",
  clip: "Clip",
  noClip: "This bundle has no clip",
  saveClip: "Download the clip (kept in its own coding, which browsers do not play)",
  hints: "Show zone and box (H)",
  facts: "Facts",
  place: "Place",
  camera: "Camera",
  from: "From",
  trigger: "Trigger",
  dwell: "Stood",
  unobserved: "of that unobserved",
  limit: "Limit",
  legal: "Basis",
  machine: "Machine's hint (a lead, no proof)",
  plate: "Plate as a machine read it (unconfirmed: compare the picture)",
  capture: "Capture",
  captureMet: "meets what evidence needs",
  captureLead: "a lead only, for want of:",
  seal: "Seal",
  timeline: "Timeline",
  claim: "Claim",
  release: "Put back",
  claimedBy: "Claimed by {0}",
  decide: "Decision",
  testsHint: "Tick each: true, clear, complete, accurate (keys 1–4)",
  confirm: "Confirm",
  reject: "Reject",
  reason: "Reason",
  explain: "Explanation",
  warn: "Send warning",
  openCase: "Open a case",
  ground: "Ground",
  note: "Explanation",
  warned: "Warning sent. Link for the party (shown once):",
  caseOpened: "Case clue registered:",
  opened: "seen by the party",
  notOpened: "not seen yet",
  grace: "To be put right by",
  keys: "Keys: J/K move · C claim · 1–4 tests · Enter confirm · R reject · W warn · P whom and what · L case · O original/masked · [ ] other page",
  case: "Case",
  masked: "Masked copy",
  maskedOnly:
    "These are masked copies. Originals are open to whoever has claimed the review, or by an approved request.",
  noMaskedClip: "The clip is not masked: it takes a grant to see it.",
  askOriginal: "Ask to see the originals",
  purpose: "Purpose",
  whyOriginal: "Why the originals are needed (why the masked copies are not enough)",
  howLongOpen: "For how long",
  hours: "{0} hours",
  send: "Send the request",
  cancel: "Cancel",
  asked: "Asked for; waits for approval",
  askedAt: "asked",
  declinedNote: "The request was declined:",
  everyLook: "Every look is recorded",
  openByClaim: "Originals are open to you while your claim runs",
  openByGrant: "Originals are open to you by a grant",
  left: "left",
  giveBack: "End it now",
  finished: "Looked at what was needed",
  requests: "Requests to see originals",
  noRequests: "No request waits",
  who: "Asked by",
  approve: "Approve",
  decline: "Decline",
  ownRequest: "Nobody decides their own request",
  bundle: "Evidence bundle",
  exportMasked: "Export the bundle (masked copies)",
  exportHint:
    "A zip with its own verifier that anyone can check. Who took it, for what and when stands in the evidence log.",
  exportWhat: "Content",
  exportWhy: "Purpose",
  exportAll: "Export the bundle (with originals)",
  exporting: "Exporting…",
  maskedChoice: "masked copies",
  allChoice: "with originals (approved purpose only)",
  hold: "Hold",
  holdHint: "While it is held the evidence is not deleted.",
  heldByCase: "A case was made of it: the evidence is kept with the case file.",
  placeHold: "Hold the evidence",
  releaseHold: "Release",
  holdWhy: "Reason",
  heldBy: "Held by {0}, {1}",
  deleted: "The evidence was deleted by the rules of retention, kept through {0}:",
};

const chinese = { ...zh, ...caseWords.zh, ...warningWords.zh, ...lawWords.zh };
const english: typeof chinese = { ...en, ...caseWords.en, ...warningWords.en, ...lawWords.en };
export const t = computed(() => (language.value === "zh" ? chinese : english));

export const say = (text: Both): string => text[language.value];
export const stateName = (state: keyof typeof incidentStates): string =>
  language.value === "zh" ? incidentStates[state] : state.replaceAll("_", " ");
export const caseStateName = (state: keyof typeof caseStates): string => tableName(caseStates, state);
export const overlayName = (overlay: keyof typeof overlays): string => tableName(overlays, overlay);
export const clockName = (kind: keyof typeof clockKinds): string => tableName(clockKinds, kind);
/** A row of one of the casework's tables: its English is its key. */
export const tableName = (table: Readonly<Record<string, string>>, key: string): string =>
  language.value === "zh" ? (table[key] ?? key) : key.replaceAll("_", " ");
/** `xzcf:44` → 《行政处罚法》第44条 */
export const articleName = (article: string): string => provisionName(article, language.value);
export const tests = Object.entries(fourTests) as [keyof typeof fourTests, Both][];
export const reasons = Object.entries(rejectReasons) as [keyof typeof rejectReasons, Both][];
export const grounds = Object.entries(escalationGrounds) as [keyof typeof escalationGrounds, Both][];

export const purposes = Object.entries(viewPurposes) as [keyof typeof viewPurposes, Both][];
export const purposeName = (purpose: keyof typeof viewPurposes): string => say(viewPurposes[purpose]);
export const exportPurposeNames: Record<keyof typeof exportPurposes, Both> = exportPurposes;
export const deletionRuleName = (rule: keyof typeof deletionRules): string => say(deletionRules[rule]);

const captureFaults = {
  pictures_too_few: { zh: "画面不足三张", en: "three pictures" },
  pictures_too_close: { zh: "画面间隔过短", en: "time between the pictures" },
  resolution_too_low: { zh: "分辨率低于 1280×720", en: "1280×720 pixels" },
  clock_not_measured: { zh: "时钟误差未经比对", en: "a clock that was compared" },
  clock_off: { zh: "时钟误差超过 1 秒", en: "a clock within a second" },
  clip_missing: { zh: "没有视频片段", en: "a clip" },
  clip_too_short_before: { zh: "触发前视频不足 10 秒", en: "ten seconds of clip before" },
  clip_too_short_after: { zh: "触发后视频不足 10 秒", en: "ten seconds of clip after" },
} satisfies Record<NonNullable<Incident["facts"]["capture"]>["shortfalls"][number]["fault"], Both>;
export const captureFaultName = (fault: keyof typeof captureFaults): string => say(captureFaults[fault]);

const steps: Record<string, Both> = {
  ...Object.fromEntries(
    stepNames.map((name) => [name, { zh: caseTable[name].zh, en: name.replaceAll("_", " ") }]),
  ),
  detect: { zh: "发现", en: "detected" },
  fix_evidence: { zh: "证据固定", en: "evidence fixed" },
  queue_review: { zh: "待审核", en: "waits for review" },
  claim: { zh: "领取", en: "claimed" },
  release: { zh: "放回", en: "put back" },
  confirm: { zh: "审核确认", en: "confirmed" },
  reject: { zh: "审核不采用", en: "rejected" },
  persuade: { zh: "远端劝导", en: "warned" },
  escalate: { zh: "转线索核查", en: "made a case" },
  view_original: { zh: "查看原始画面", en: "original viewed" },
  request_original: { zh: "申请查看原始证据", en: "asked to see originals" },
  grant_original: { zh: "批准查看原始证据", en: "allowed to see originals" },
  decline_original: { zh: "不予批准查看原始证据", en: "not allowed to see originals" },
  revoke_original: { zh: "收回原始证据查看授权", en: "grant to see originals ended" },
  export: { zh: "导出证据包", en: "bundle exported" },
  place_hold: { zh: "保全证据", en: "evidence held" },
  release_hold: { zh: "解除保全", en: "hold released" },
  decide_deletion: { zh: "决定删除证据", en: "deletion decided" },
  delete_evidence: { zh: "证据已删除", en: "evidence deleted" },
  expire: { zh: "超期未审核", en: "not reviewed in time" },
  transfer: { zh: "移送", en: "transferred" },
  order_work: { zh: "转交办件", en: "work ordered" },
  dispatch: { zh: "派员到场", en: "officers sent" },
  mark_corrected: { zh: "已改正", en: "put right" },
  mark_not_corrected: { zh: "未改正", en: "not put right" },
  open: { zh: "线索登记", en: "clue registered" },
  recheck_asked: { zh: "要求复查", en: "second look asked for" },
  recheck_done: { zh: "复查完成", en: "looked again" },
  recheck_failed: { zh: "复查未能完成", en: "second look failed" },
  recheck_cancelled: { zh: "复查已取消", en: "second look cancelled" },
  owner_answered: { zh: "车辆登记机关答复", en: "vehicle registry answered" },
  owner_asked: { zh: "查询车辆所有人", en: "vehicle's owner asked for" },
  clock_lapsed: { zh: "期限届满", en: "time ran out" },
  void_document: { zh: "文书作废", en: "document voided" },
};

/** The name of a timeline's step; one without a name is shown as it is. */
export const stepName = (action: string): string => steps[action]?.[language.value] ?? action;
const programs: Record<string, Both> = {
  "evidence-worker": { zh: "系统", en: "system" },
  "retention-worker": { zh: "系统", en: "system" },
  "recheck-worker": { zh: "系统（复查）", en: "system (second look)" },
  "clock-worker": { zh: "系统（期限）", en: "system (clocks)" },
  up: { zh: "系统", en: "system" },
  cli: { zh: "系统（命令行）", en: "system (command line)" },
};
export const whoName = (entry: { actorName: string | null; actorId: string | null }): string =>
  entry.actorName ??
  programs[entry.actorId ?? ""]?.[language.value] ??
  entry.actorId ??
  (language.value === "zh" ? "当事人" : "party");

const deliveryStates: Record<string, Both> = {
  pending: { zh: "待发送", en: "waits" },
  sending: { zh: "正在发送", en: "being sent" },
  sent: { zh: "已发出", en: "sent" },
  delivered: { zh: "已送达", en: "delivered" },
  failed: { zh: "发送失败", en: "failed" },
};
export const deliveryStateName = (state: string): string => deliveryStates[state]?.[language.value] ?? state;

/** How the desk names a refusal: its sentence in the reader's language. */
export const objectionText = ({ title, titleZh, code }: Objection): string =>
  (language.value === "zh" ? titleZh : undefined) ?? title ?? code ?? "";

/** Shown in local time of the place, whatever the reviewer's machine thinks. */
export function when(iso: string): string {
  return new Intl.DateTimeFormat(language.value === "zh" ? "zh-CN" : "en-GB", {
    timeZone: "Asia/Shanghai",
    dateStyle: "medium",
    timeStyle: "medium",
  }).format(new Date(iso));
}

export function howLong(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (language.value === "zh") return minutes > 0 ? `${minutes} 分 ${seconds % 60} 秒` : `${seconds} 秒`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
