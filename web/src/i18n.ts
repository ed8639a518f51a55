import { computed, ref } from "vue";
import { caseStates } from "../../casework/case-states.ts";
import { escalationGrounds, incidentStates } from "../../casework/incident-lifecycle.ts";
import { fourTests, rejectReasons } from "../../casework/review-input.ts";

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
  marked: "标注副本",
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
  keys: "键盘：J/K 上下 · C 领取 · 1–4 四项 · Enter 确认 · R 不采用 · W 劝导 · L 转案 · O 原始/标注",
  case: "案件",
  officers: "承办人员（至少两名）",
  officerRecord: "执法人员自行制作的初步证据（如现场检查情况）",
  submitFiling: "提交立案申请",
  endorseFiling: "同意（承办机构负责人）",
  approveFiling: "批准立案",
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
  marked: "Marked copy",
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
  keys: "Keys: J/K move · C claim · 1–4 tests · Enter confirm · R reject · W warn · L case · O original/marked",
  case: "Case",
  officers: "Officers (at least two)",
  officerRecord: "What an officer found and wrote down (e.g. on-site inspection)",
  submitFiling: "Ask for filing",
  endorseFiling: "Endorse (head of unit)",
  approveFiling: "File the case",
};

export const t = computed(() => (language.value === "zh" ? zh : en));

type Both = { readonly zh: string; readonly en: string };
export const say = (text: Both): string => text[language.value];
export const stateName = (state: keyof typeof incidentStates): string =>
  language.value === "zh" ? incidentStates[state] : state.replaceAll("_", " ");
export const caseStateName = (state: keyof typeof caseStates): string =>
  language.value === "zh" ? caseStates[state] : state.replaceAll("_", " ");
export const tests = Object.entries(fourTests) as [keyof typeof fourTests, Both][];
export const reasons = Object.entries(rejectReasons) as [keyof typeof rejectReasons, Both][];
export const grounds = Object.entries(escalationGrounds) as [keyof typeof escalationGrounds, Both][];

const steps: Record<string, Both> = {
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
  open: { zh: "线索登记", en: "clue registered" },
  submit_filing: { zh: "提交立案申请", en: "filing asked for" },
  endorse_filing: { zh: "承办机构负责人同意", en: "endorsed" },
  approve_filing: { zh: "批准立案", en: "filed" },
  decline_filing: { zh: "不予立案", en: "not filed" },
};

/** The name of a timeline's step; one without a name is shown as it is. */
export const stepName = (action: string): string => steps[action]?.[language.value] ?? action;
const programs: Record<string, Both> = {
  "evidence-worker": { zh: "系统", en: "system" },
  up: { zh: "系统", en: "system" },
};
export const whoName = (entry: { actorName: string | null; actorId: string | null }): string =>
  entry.actorName ??
  programs[entry.actorId ?? ""]?.[language.value] ??
  entry.actorId ??
  (language.value === "zh" ? "当事人" : "party");

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
