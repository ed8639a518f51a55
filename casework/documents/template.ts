import type { LocalDate } from "../clocks/clock.ts";
import type { DocumentCode } from "./document-codes.ts";

/**
 * What a field holds: `date` a LocalDate; `fen` money; `list` several texts; `rows` lines of a grid, each as many texts as
 * the grid has columns.
 */
export type FieldKind = "text" | "date" | "fen" | "list" | "rows";

export type FieldValue = string | number | readonly string[] | readonly (readonly string[])[] | null;

/** Values by field name. A missing one and null are the same: not known. */
export type FieldValues = Readonly<Record<string, FieldValue | undefined>>;

export interface TemplateField {
  readonly name: string;
  /** What people call it; named when it is missing. */
  readonly zh: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** Required too where this holds: a payment code wherever there is a fine, a place where there is no video link. */
  readonly requiredWhen?: Condition | undefined;
}

/** `name`: only where that field is filled; `!name`: only where it is not. */
export type Condition = string;

interface Conditional {
  readonly when?: Condition | undefined;
}

export interface TemplateCell {
  readonly label: string;
  readonly text: string;
}

/**
 * A block of a template. Texts hold placeholders: `{{field}}`; `{{law:xzcf:72}}` a provision as people cite it;
 * `{{param:payment.period}}` a parameter in force; `{{rate:surcharge.permillePerDay}}` one per mille as 百分之三.
 */
export type TemplateBlock = Conditional &
  (
    | { readonly kind: "heading"; readonly text: string }
    | {
        readonly kind: "paragraph";
        readonly text: string;
        /** First line two characters in, unless told otherwise. */
        readonly indent?: boolean | undefined;
        readonly align?: "left" | "center" | "right" | undefined;
      }
    /** Texts written in the template, numbered 1. 2. 3. or （一）（二）. */
    | {
        readonly kind: "clauses";
        readonly items: readonly string[];
        readonly marker?: ListMarker | undefined;
      }
    /** The texts of a list field. */
    | { readonly kind: "list"; readonly field: string; readonly marker?: ListMarker | undefined }
    /** A form: rows of one or two label–text pairs. `lines`: the least height of a row. */
    | {
        readonly kind: "table";
        readonly rows: readonly (Conditional & {
          readonly cells: readonly TemplateCell[];
          readonly lines?: number | undefined;
        })[];
      }
    /** A table with a head, filled from a rows field. `width`: share of the page. */
    | {
        readonly kind: "grid";
        readonly field: string;
        readonly columns: readonly { readonly zh: string; readonly width: number }[];
      }
    /** Places to sign. An empty text leaves a line to write on. */
    | { readonly kind: "signature"; readonly lines: readonly TemplateCell[] }
    /** Agency, date and the place of its seal. */
    | { readonly kind: "seal" }
    /** 回执: the part the receiver signs. */
    | { readonly kind: "receipt"; readonly title: string; readonly lines: readonly string[] }
  );

export type ListMarker = "number" | "chinese" | "none";

/** One version of the text of a document (文书). Data: a new wording is a new version, never an edit. */
export interface DocumentTemplate {
  readonly code: DocumentCode;
  readonly version: string;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
  /** Its title. */
  readonly zh: string;
  readonly fields: readonly TemplateField[];
  readonly body: readonly TemplateBlock[];
}

export type Placeholder =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "law"; readonly law: string; readonly article: string }
  | { readonly kind: "param" | "rate"; readonly key: string };

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** Replaces every placeholder of a text. One pass: what comes out of a field is never read as a placeholder. */
export function fillPlaceholders(text: string, fill: (placeholder: Placeholder) => string): string {
  return text.replace(PLACEHOLDER, (_, inner: string) => fill(parsePlaceholder(inner)));
}

export function placeholdersIn(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => parsePlaceholder(match[1] ?? ""));
}

function parsePlaceholder(inner: string): Placeholder {
  const [kind, ...rest] = inner.split(":");
  if (kind === "law") return { kind, law: rest[0] ?? "", article: rest.slice(1).join(":") };
  if (kind === "param" || kind === "rate") return { kind, key: rest.join(":") };
  return { kind: "field", name: inner };
}

/** Every text of a block that may hold placeholders, with its path inside the block. */
export function textsOf(block: TemplateBlock): { path: readonly (string | number)[]; text: string }[] {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return [{ path: ["text"], text: block.text }];
    case "clauses":
      return block.items.map((text, index) => ({ path: ["items", index], text }));
    case "table":
      return block.rows.flatMap((row, index) => cellTexts(row.cells, ["rows", index, "cells"]));
    case "signature":
      return cellTexts(block.lines, ["lines"]);
    case "receipt":
      return block.lines.map((text, index) => ({ path: ["lines", index], text }));
    case "list":
    case "grid":
    case "seal":
      return [];
  }
}

function cellTexts(cells: readonly TemplateCell[], path: readonly (string | number)[]) {
  return cells.flatMap(({ label, text }, index) => [
    { path: [...path, index, "label"], text: label },
    { path: [...path, index, "text"], text },
  ]);
}

/** The field a condition asks about. */
export function conditionField(condition: Condition): string {
  return condition.replace(/^!/, "");
}
