import type { CaseFile } from "../../casework/case/case-file.ts";
import type { Case, CaseDoc } from "./case-api.ts";
import type { Both } from "./catalogue.ts";

/** What a form is about: its choices and what stands in it before anybody writes come from here. */
export interface About {
  readonly file: CaseFile;
  readonly documents: readonly CaseDoc[];
  /** Everybody who can be chosen: user id → name. */
  readonly people: readonly (readonly [string, string])[];
  /** Who may be named in a step, with their roles. */
  readonly colleagues: Case["colleagues"];
  readonly me: string;
  /** Local date. */
  readonly today: string;
}

/** For a form whose fields ask nothing of a case. */
export function aboutNoCase(me: string): About {
  return { file: {} as CaseFile, documents: [], people: [], colleagues: [], me, today: "" };
}

export type Values = Record<string, unknown>;
export type Option = readonly [value: string, label: Both];

interface Common {
  readonly name: string;
  readonly label: Both;
  readonly hint?: Both;
  /** Left empty it is null. */
  readonly optional?: true;
  /** Left empty it is not sent at all. */
  readonly omit?: true;
  /** Shown only where this holds of what was filled in: of the whole form, then of the group it is in. */
  readonly when?: (form: Values, group: Values) => boolean;
  /** What is chosen need not be among the options: its id can be typed. */
  readonly free?: true;
  /** Shown also where there is nothing to choose from, so that people see what is lacking. */
  readonly always?: true;
  /** What stands in it at first, as the API would say it; in a group that may be left out, once it is opened. */
  readonly initial?: (about: About) => unknown;
}

export type Field = Common &
  (
    | { readonly kind: "text" | "long" | "date" | "time" | "moment" | "number" | "money" | "bool" | "lines" }
    | { readonly kind: "choice" | "choices"; readonly options: (about: About) => readonly Option[] }
    | { readonly kind: "group" | "rows"; readonly fields: readonly Field[] }
  );

/** `12.5` yuan → `1250` fen; null for what is no amount. No fractions on the way: they would lose fen. */
export function fenOf(yuan: string): number | null {
  const [, whole, cents = ""] = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(yuan.trim()) ?? [];
  return whole === undefined ? null : Number(whole) * 100 + Number(cents.padEnd(2, "0"));
}

/** `1250` fen → `12.50` yuan, as it is typed. */
export function yuanOf(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;
}

/** What a form holds at first. */
export function initialState(fields: readonly Field[], about: About, given: Values = {}): Values {
  return Object.fromEntries(
    fields.map((field) => {
      const isClosed = field.kind === "group" && isLeftOut(field);
      const atFirst = isClosed ? undefined : field.initial?.(about);
      return [field.name, stateOf(field, given[field.name] ?? atFirst, about)];
    }),
  );
}

/** What a group that was left out holds once somebody wants it. */
export function openedGroup(field: Extract<Field, { fields: unknown }>, about: About): Values {
  return initialState(field.fields, about, asValues(field.initial?.(about)));
}

/** A value of the API as it is edited. */
function stateOf(field: Field, value: unknown, about: About): unknown {
  const isGiven = value !== undefined && value !== null;
  switch (field.kind) {
    case "bool":
      return value === true;
    case "choice":
      return isGiven ? String(value) : firstChoice(field, about);
    case "choices":
      return Array.isArray(value) ? [...value] : [];
    case "lines":
      return Array.isArray(value) ? value.join("\n") : "";
    case "money":
      return typeof value === "number" ? yuanOf(value) : "";
    case "group":
      return !isGiven && isLeftOut(field) ? null : initialState(field.fields, about, asValues(value));
    case "rows":
      return (Array.isArray(value) ? value : [{}]).map((row) =>
        initialState(field.fields, about, asValues(row)),
      );
    case "text":
    case "long":
    case "date":
    case "time":
    case "moment":
    case "number":
      return isGiven ? String(value) : "";
  }
}

function firstChoice(field: Field & { readonly kind: "choice" | "choices" }, about: About): string {
  return isLeftOut(field) ? "" : (field.options(about)[0]?.[0] ?? "");
}

/** Whether it may stay empty. */
export function isLeftOut({ optional, omit }: Field): boolean {
  return optional === true || omit === true;
}

function asValues(value: unknown): Values {
  return typeof value === "object" && value !== null ? (value as Values) : {};
}

/** The fields that are shown, given what was filled in so far. */
export function shownFields(fields: readonly Field[], form: Values, group: Values): readonly Field[] {
  return fields.filter(({ when }) => when === undefined || when(form, group));
}

/** What is sent: what is not shown is left out, what was left empty is null or missing as its field says. */
export function bodyOf(fields: readonly Field[], group: Values, form: Values = group): Values {
  return Object.fromEntries(
    shownFields(fields, form, group)
      .map((field) => [field, sent(field, group[field.name], form)] as const)
      .filter(([field, value]) => value !== null || field.omit !== true)
      .map(([{ name }, value]) => [name, value]),
  );
}

function sent(field: Field, state: unknown, form: Values): unknown {
  switch (field.kind) {
    case "bool":
      return state === true;
    case "choices":
      return state;
    case "lines":
      return linesOf(state);
    case "money":
      return fenOf(String(state));
    case "number":
      return state === "" || state === null ? null : Number(state);
    case "group":
      return state === null ? null : bodyOf(field.fields, asValues(state), form);
    case "rows":
      return (state as Values[]).map((row) => bodyOf(field.fields, row, form));
    case "moment":
      return state === "" ? null : `${String(state)}:00+08:00`;
    case "text":
    case "long":
    case "date":
    case "time":
    case "choice":
      return textOf(field, state);
  }
}

function textOf(field: Field, state: unknown): string | null {
  const text = String(state ?? "").trim();
  return text === "" && isLeftOut(field) ? null : text;
}

function linesOf(state: unknown): string[] {
  return String(state ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
