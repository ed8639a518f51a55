import { birthDateOf } from "../case/birth-date.ts";
import type { Party } from "../case/case-file.ts";
import { lastDateAfterYears, localDate } from "../local-time.ts";

/** What may not stand in public (行政处罚法 50, 个人信息保护法 28), as it is told apart in a text. */
export const personalDataKinds = {
  name: "自然人姓名",
  id_number: "身份证件号码",
  phone: "电话号码",
  plate: "车牌号码",
  email: "电子邮箱",
  bank_account: "银行账号",
  address: "住址",
  birth_date: "出生日期",
} as const;
export type PersonalDataKind = keyof typeof personalDataKinds;

const HIDDEN = "×××";

/** Surnames of two characters that people have today. */
const COMPOUND_SURNAMES =
  /^(?:欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|令狐|百里|呼延|东郭|纳兰)/;

const PATTERNS: readonly (readonly [PersonalDataKind, RegExp])[] = [
  // 18 signs with a date of birth inside; a unit's credit code begins with another figure or has letters.
  [
    "id_number",
    /(?<![0-9A-Za-z])[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/g,
  ],
  ["id_number", /(?<![0-9A-Za-z])[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z])/g],
  ["bank_account", /(?<!\d)62\d{14,17}(?!\d)/g],
  ["phone", /(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)/g],
  ["phone", /(?<!\d)0\d{2,3}[-－\s]?\d{7,8}(?!\d)/g],
  [
    "plate",
    /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·•・\s-]?[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳使领]/g,
  ],
  ["email", /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
];

/** A party as the public reads of it: a natural person is a surname and 某某, whoever is under age not even that. */
export function publicName(party: Party | null): string {
  if (party === null) return "某某";
  return isNaturalPerson(party) ? publicPersonName(party.name) : oneWidth(party.name.trim());
}

/** Under eighteen on the day of the act. Whoever's age nobody knows is not. */
export function isMinor(party: Party | null, actAt: number): boolean {
  const birth = party?.kind === "person" ? birthDateOf(party) : null;
  if (birth === null) return false;
  return lastDateAfterYears(Date.parse(`${birth}T00:00:00+08:00`), 18) > localDate(actAt);
}

/** The text without anybody's data: what is known of the party first, then whatever looks like such data. */
export function redactText(text: string, party: Party | null): string {
  const names = unitNames(party);
  let redacted = setAside(oneWidth(text), names);
  for (const { value, instead } of knownValues(party)) redacted = redacted.replaceAll(value, () => instead);
  for (const [, pattern] of PATTERNS) redacted = redacted.replaceAll(pattern, HIDDEN);
  return redacted.replaceAll(ASIDE, (mark) => names[mark.charCodeAt(0) - FIRST_MARK] ?? "");
}

/** Which kinds of personal data a text shows; empty: none that can be told by its looks or is known of the party. */
export function personalDataIn(text: string, party: Party | null): PersonalDataKind[] {
  const plain = setAside(oneWidth(text), unitNames(party));
  const found = new Set<PersonalDataKind>();
  for (const { kind, value } of knownValues(party)) if (plain.includes(value)) found.add(kind);
  for (const [kind, pattern] of PATTERNS) if (plain.search(pattern) >= 0) found.add(kind);
  return [...found];
}

/** SU03: a published text shows personal data. A name nobody has put on file cannot be found this way. */
export function containsPersonalData(text: string, party: Party | null): boolean {
  return personalDataIn(text, party).length > 0;
}

/** Signs that stand in no text, for what is set aside. */
const FIRST_MARK = 0xe100;
const ASIDE = /[\ue100-\ue10f]/g;

/** What a unit is published by, also where its owner's name or something like a number is a part of it. */
function unitNames(party: Party | null): string[] {
  if (party === null || isNaturalPerson(party)) return [];
  return [party.name, party.unifiedCode ?? ""]
    .map((name) => oneWidth(name.trim()))
    .filter((name) => name !== "");
}

function setAside(text: string, names: readonly string[]): string {
  const clean = text.replaceAll(ASIDE, "");
  return names.reduce(
    (rest, name, index) => rest.replaceAll(name, String.fromCharCode(FIRST_MARK + index)),
    clean,
  );
}

interface KnownValue {
  readonly kind: PersonalDataKind;
  readonly value: string;
  readonly instead: string;
}

/** Longest first, so that no part of a longer value stays behind. */
function knownValues(party: Party | null): KnownValue[] {
  if (party === null) return [];
  const person = isNaturalPerson(party);
  const values: KnownValue[] = [];
  const add = (kind: PersonalDataKind, value: string | null, instead = HIDDEN) => {
    const plain = oneWidth(value ?? "").trim();
    if ([...plain].length > 1) values.push({ kind, value: plain, instead });
  };
  if (person) add("name", party.name, publicPersonName(party.name));
  if (party.legalRepresentative !== null)
    add("name", party.legalRepresentative, publicPersonName(party.legalRepresentative));
  add("id_number", party.idNo);
  add("phone", party.phone);
  add("plate", party.plate);
  // Where a unit sits is public; where a person lives is not.
  if (person) add("address", party.address);
  add("birth_date", party.birthDate);
  return values.toSorted((a, b) => b.value.length - a.value.length);
}

/** A small trader without a trade name is called by their own. */
function isNaturalPerson({ kind, name }: Party): boolean {
  return kind === "person" || (kind === "individual_business" && [...name.trim()].length <= 4);
}

function publicPersonName(name: string): string {
  const plain = name.trim();
  const compound = COMPOUND_SURNAMES.exec(plain)?.[0];
  return `${compound ?? [...plain][0] ?? ""}某某`;
}

/** Figures and letters in full width are read like any others. */
function oneWidth(text: string): string {
  return text.replaceAll(/[０-９Ａ-Ｚａ-ｚ]/g, (sign) => sign.normalize("NFKC"));
}
