import { evidenceKinds, partyKinds, serviceMethods } from "../../casework/case/case-file.ts";
import { type ServiceDetail, serviceDetails, serviceRules } from "../../casework/case/service-methods.ts";
import { penaltyKinds } from "../../casework/discretion/penalty.ts";
import { documentCodes } from "../../casework/documents/document-codes.ts";
import type { RoleId } from "../../casework/roles.ts";
import { type Both, basesOf, factors } from "./catalogue.ts";
import type { About, Field, Option, Values } from "./form-fields.ts";

type More = Partial<Pick<Field, "hint" | "optional" | "omit" | "when" | "free" | "always" | "initial">>;
type Plain = Extract<
  Field["kind"],
  "text" | "long" | "date" | "time" | "moment" | "number" | "money" | "bool" | "lines"
>;

const plain =
  (kind: Plain) =>
  (name: string, zh: string, en: string, more: More = {}): Field => ({
    name,
    label: { zh, en },
    kind,
    ...more,
  });

export const text = plain("text");
export const long = plain("long");
export const date = plain("date");
export const time = plain("time");
export const moment = plain("moment");
export const number = plain("number");
export const money = plain("money");
export const bool = plain("bool");
export const lines = plain("lines");

const listOf = (options: readonly Option[] | ((about: About) => readonly Option[])) =>
  typeof options === "function" ? options : () => options;

/** One of several. */
export function choice(
  name: string,
  zh: string,
  en: string,
  options: readonly Option[] | ((about: About) => readonly Option[]),
  more: More = {},
): Field {
  return { name, label: { zh, en }, kind: "choice", options: listOf(options), ...more };
}

/** Any number of several. */
export function choices(
  name: string,
  zh: string,
  en: string,
  options: readonly Option[] | ((about: About) => readonly Option[]),
  more: More = {},
): Field {
  return { name, label: { zh, en }, kind: "choices", options: listOf(options), ...more };
}

export function group(
  name: string,
  zh: string,
  en: string,
  fields: readonly Field[],
  more: More = {},
): Field {
  return { name, label: { zh, en }, kind: "group", fields, ...more };
}

export function rows(name: string, zh: string, en: string, fields: readonly Field[], more: More = {}): Field {
  return { name, label: { zh, en }, kind: "rows", fields, ...more };
}

/** A table of the casework as choices: its English is its key. */
export function tableOptions(table: Readonly<Record<string, string>>): readonly Option[] {
  return Object.entries(table).map(([key, zh]) => [key, { zh, en: key.replaceAll("_", " ") }]);
}

export function option(value: string, zh: string, en: string): Option {
  return [value, { zh, en }];
}

const same = (label: string): Both => ({ zh: label, en: label });
const todayAtFirst: More = { initial: ({ today }) => today };

/** A day in the past: today unless somebody says otherwise. */
export const past = (name: string, zh: string, en: string): Field => date(name, zh, en, todayAtFirst);
export const reason = long("reason", "理由", "Reason");

export const peopleOptions = ({ people }: About): readonly Option[] =>
  people.map(([id, name]) => [id, same(name)]);

/** Who holds a role here. */
export const peopleWith =
  (role: RoleId) =>
  ({ colleagues }: About): readonly Option[] =>
    colleagues
      .filter(({ roles }) => roles.includes(role))
      .map(({ userId, displayName }) => [userId, same(displayName)]);

export const evidenceOptions = ({ file }: About): readonly Option[] =>
  file.evidence
    .filter(({ withdrawn }) => withdrawn === null)
    .map(({ evidenceId, title, kind }) => [evidenceId, same(`${title}（${evidenceKinds[kind]}）`)]);

/** What nobody has checked yet. */
export const unverifiedOptions = (about: About): readonly Option[] => {
  const checked = about.file.evidence.filter(({ verified }) => verified !== null);
  return evidenceOptions(about).filter(([id]) => !checked.some(({ evidenceId }) => evidenceId === id));
};

/** What was issued and goes to somebody outside. A receipt and a notice of service are themselves part of serving. */
export function servableOptions({ documents }: About): readonly Option[] {
  return documents
    .filter(({ code, replacedBy, voidedAt }) => {
      return documentCodes[code].external && !["D10", "D22"].includes(code) && !replacedBy && !voidedAt;
    })
    .toReversed()
    .map(({ docId, title, number: no }) => [docId, same(no === null ? title : `${title} ${no}`)]);
}

const isUnit = (_form: Values, { kind }: Values) => kind !== "person";
const isPerson = (_form: Values, { kind }: Values) => kind === "person";

export const partyFields: readonly Field[] = [
  choice("kind", "类型", "Kind", tableOptions(partyKinds)),
  text("name", "姓名或名称", "Name"),
  text("idNo", "证件号码", "Identity number", { optional: true }),
  text("unifiedCode", "统一社会信用代码", "Unified code", { optional: true, when: isUnit }),
  text("legalRepresentative", "法定代表人（负责人、经营者）", "Legal representative", {
    optional: true,
    when: isUnit,
  }),
  date("birthDate", "出生日期", "Date of birth", { optional: true, when: isPerson }),
  text("address", "住址（住所）", "Address", { optional: true }),
  text("phone", "联系电话", "Phone", { optional: true }),
  text("plate", "号牌号码", "Plate", { optional: true }),
];

const basis = choice("basisId", "处罚依据", "Basis", ({ file }) => basesOf(file.violation));

export const penaltyFields: readonly Field[] = [
  choices("kinds", "处罚种类", "Kinds", tableOptions(penaltyKinds), { initial: () => ["fine"] }),
  money("fineFen", "罚款（元，没有则填 0）", "Fine (yuan, 0 for none)"),
  text("confiscation", "没收的物品或所得", "What is confiscated", { optional: true }),
  basis,
];

/** What stands in a proposal at first: the notice's, else the computed amount. */
export function proposedPenalty({ file }: About): unknown {
  if (file.notice !== null) return file.notice.proposal;
  const { computation } = file;
  if (computation === null) return undefined;
  const { basisId, fineFen } = computation;
  return { kinds: fineFen > 0 ? ["fine"] : ["warning"], fineFen, confiscation: null, basisId };
}

const harms: readonly Option[] = [
  option("none", "没有危害后果", "none"),
  option("slight", "危害后果轻微", "slight"),
  option("serious", "危害后果严重", "serious"),
];
const tiers: readonly Option[] = [
  option("light", "从轻", "light"),
  option("general", "一般", "general"),
  option("heavy", "从重", "heavy"),
];

export const findingsFields: readonly Field[] = [
  basis,
  number("ageYears", "行为时年龄（自然人）", "Age on the day of the act (persons)", { optional: true }),
  bool("firstTime", "初次违法", "First time"),
  bool("corrected", "已及时改正", "Put right in time"),
  group(
    "refused",
    "不在现场或者拒绝改正，且妨碍通行等",
    "Was not there or refused, and it obstructs",
    [choices("evidenceIds", "证据", "Evidence", evidenceOptions)],
    { optional: true },
  ),
  choice("harm", "危害后果", "Harm", harms),
  bool("incapacitated", "不能辨认或者不能控制自己行为", "Could not tell or control what they did"),
  bool("faultDisproved", "当事人有证据足以证明没有主观过错", "The party has proved that there was no fault"),
  rows(
    "factors",
    "裁量情节（须有证据）",
    "Facts that weigh (with evidence)",
    [choice("id", "情节", "Fact", factors), choices("evidenceIds", "证据", "Evidence", evidenceOptions)],
    { initial: () => [] },
  ),
  long("exemptionDeclined", "可以不予处罚而不适用的理由", "Why a possible exemption is not used", {
    optional: true,
  }),
  group(
    "weighing",
    "情节相冲突时的综合裁量",
    "Weighing where facts pull both ways",
    [choice("tier", "裁量档次", "Tier", tiers), reason],
    { optional: true },
  ),
  number(
    "fractionPermille",
    "档内比例（千分比，留空按基准；减轻处罚填负数）",
    "Share in permille (empty: the benchmark's; below 0 to mitigate)",
    { optional: true },
  ),
  long("departure", "偏离基准的理由", "Why it departs from the benchmark", { optional: true }),
];

/** Which lines of a record of service this way and outcome need; `whyNotDirect` stands beside them where it counts. */
function isRecorded(name: ServiceDetail, { method, outcome }: Values): boolean {
  if (outcome === "failed") return name === "reason";
  const rule = serviceRules[method as keyof typeof serviceRules];
  if (rule === undefined) return false;
  const wanted = (rule.record as readonly (string | readonly string[])[]).flat();
  return wanted.includes(name) || (name === "whyNotDirect" && rule.needs === "direct_difficult");
}

const englishDetails: Record<ServiceDetail, string> = {
  receiver: "Who signed for it",
  receiverRole: "Who that is to the party",
  reason: "Reason",
  witnesses: "Witnesses",
  photo: "Photo or film of it",
  channel: "Channel",
  address: "Address",
  messageId: "Message id",
  arrivalProof: "Proof of arrival",
  whyNotDirect: "Why not in person",
  trackingNo: "Tracking number",
  slip: "Receipt slip",
  entrusted: "Authority entrusted",
  relayedBy: "Relayed by",
  postedAt: "How and where posted",
  screenshot: "Screenshot or photo",
};

export const serviceFields: readonly Field[] = [
  choice("docId", "文书", "Document", servableOptions),
  choice("method", "送达方式", "Way", tableOptions(serviceMethods)),
  choice("outcome", "结果", "Outcome", [
    option("served", "已送达", "served"),
    option("failed", "未送达", "failed"),
  ]),
  past("attemptedOn", "送达日期", "Tried on"),
  date("on", "法律上的送达日（签收、留置、到达、回执、张贴之日）", "Day the law counts from", todayAtFirst),
  choices("officers", "送达人", "Officers", peopleWith("officer"), {
    initial: ({ file }) => file.handlers,
  }),
  group(
    "details",
    "送达记录",
    "Record",
    (Object.keys(serviceDetails) as ServiceDetail[]).map((name) =>
      text(name, serviceDetails[name], englishDetails[name], {
        omit: true,
        when: (form) => isRecorded(name, form),
      }),
    ),
  ),
];
