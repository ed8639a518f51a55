import { formatDateZh } from "../clocks/date.ts";
import { type ParameterKey, parameterKinds } from "../parameters.ts";
import { type Refused, refused } from "../refusal.ts";
import { amountZh } from "./amount-zh.ts";
import type { ComposedBlock, ComposedCell, ComposedDocument } from "./composed-document.ts";
import { documentCodes } from "./document-codes.ts";
import { fieldsOf } from "./fields/fields.ts";
import { asList, asRows, fieldZh, isGiven, periodZh, provisionZh, rateZh } from "./format-zh.ts";
import type { DocumentSource } from "./source.ts";
import {
  conditionField,
  type DocumentTemplate,
  type FieldValues,
  fillPlaceholders,
  type Placeholder,
  type TemplateBlock,
  type TemplateCell,
  type TemplateField,
} from "./template.ts";

export interface ComposeInput extends DocumentSource {
  readonly template: DocumentTemplate;
  /** Show what would be issued: what is missing stays open, and the document says that it is a draft. */
  readonly preview?: boolean;
}

export type ComposeResult =
  | {
      readonly ok: true;
      readonly document: ComposedDocument;
      /** Chinese names of required fields that are not filled; only of a preview. */
      readonly missing: readonly string[];
    }
  | Refused;

/** Left to be seen where a preview lacks a required field. */
const OPEN = "＿＿＿＿";

/**
 * Fills a template from the case. A required field without a value, or a number that is due, means that the document
 * cannot be issued: `document.fields_missing` names each in Chinese. Throws on a template of another code: a fault of
 * the caller.
 */
export function composeDocument(input: ComposeInput): ComposeResult {
  const { template, code, preview = false } = input;
  if (template.code !== code) throw new Error(`template ${template.code} cannot make a ${code}`);
  const values = fieldsOf(input);
  const missing = missingFields(input, values);
  if (missing.length > 0 && !preview) return refused(fieldsMissing(template, missing));
  const fill = filler(input, values);
  return {
    ok: true,
    missing,
    document: {
      code,
      templateVersion: template.version,
      title: template.zh,
      number: input.number,
      agency: input.agency.zh,
      issuedOn: input.issuedOn,
      preview,
      blocks: template.body.flatMap((block) => composeBlock(block, input, values, fill)),
      data: Object.fromEntries(template.fields.map(({ name }) => [name, values[name] ?? null])),
    },
  };
}

function missingFields({ template, code, number }: ComposeInput, values: FieldValues): string[] {
  const fields = template.fields
    .filter((field) => isRequired(field, values) && !isGiven(values[field.name]))
    .map(({ zh }) => zh);
  return documentCodes[code].mark !== null && !isGiven(number) ? ["文号", ...fields] : fields;
}

function isRequired({ required, requiredWhen }: TemplateField, values: FieldValues): boolean {
  return required || (requiredWhen !== undefined && holds(requiredWhen, values));
}

function fieldsMissing(template: DocumentTemplate, missing: readonly string[]) {
  return {
    code: "document.fields_missing",
    messageZh: `《${template.zh}》缺少：${missing.join("、")}。请补充后再制作文书。`,
    messageEn: `${template.code} cannot be issued; it lacks: ${missing.join(", ")}. Fill these in first.`,
  };
}

type Fill = (text: string) => string;

function filler(input: ComposeInput, values: FieldValues): Fill {
  const fields = new Map(input.template.fields.map((field) => [field.name, field]));
  return (text) => fillPlaceholders(text, (placeholder) => placeholderZh(placeholder, input, values, fields));
}

function placeholderZh(
  placeholder: Placeholder,
  { parameters, cite }: ComposeInput,
  values: FieldValues,
  fields: ReadonlyMap<string, TemplateField>,
): string {
  switch (placeholder.kind) {
    case "law":
      return provisionZh(cite({ law: placeholder.law, article: placeholder.article }));
    case "param":
      return parameterZh(parameters.get(placeholder.key as ParameterKey), placeholder.key as ParameterKey);
    case "rate":
      return rateZh(Number(parameters.get(placeholder.key as ParameterKey)));
    case "field": {
      const field = fields.get(placeholder.name);
      const text = fieldZh(field?.kind ?? "text", values[placeholder.name]);
      return text === "" && field !== undefined && isRequired(field, values) ? OPEN : text;
    }
  }
}

function parameterZh(value: unknown, key: ParameterKey): string {
  const kind = parameterKinds[key];
  if (kind === "period") return periodZh(value as Parameters<typeof periodZh>[0]);
  return kind === "fen" ? amountZh(Number(value)) : String(value);
}

function holds(condition: string | undefined, values: FieldValues): boolean {
  if (condition === undefined) return true;
  return isGiven(values[conditionField(condition)]) !== condition.startsWith("!");
}

function composeBlock(
  block: TemplateBlock,
  input: ComposeInput,
  values: FieldValues,
  fill: Fill,
): ComposedBlock[] {
  if (!holds(block.when, values)) return [];
  const cells = (from: readonly TemplateCell[]): ComposedCell[] =>
    from.map(({ label, text }) => ({ label: fill(label), text: fill(text) }));
  switch (block.kind) {
    case "heading":
      return [{ kind: "heading", text: fill(block.text) }];
    case "paragraph":
      // What a person wrote over several lines stays several paragraphs.
      return fill(block.text)
        .split("\n")
        .filter((text) => text.trim() !== "")
        .map((text) => ({
          kind: "paragraph",
          text,
          indent: block.indent ?? block.align === undefined,
          align: block.align ?? "left",
        }));
    case "clauses":
      return [{ kind: "list", items: block.items.map(fill), marker: block.marker ?? "number" }];
    case "list":
      return [{ kind: "list", items: asList(values[block.field]), marker: block.marker ?? "number" }];
    case "table":
      return [
        {
          kind: "table",
          rows: block.rows
            .filter((row) => holds(row.when, values))
            .map((row) => ({ cells: cells(row.cells), lines: row.lines ?? 1 })),
        },
      ];
    case "grid":
      return [{ kind: "grid", columns: block.columns, rows: asRows(values[block.field]) }];
    case "signature":
      return [{ kind: "signature", lines: cells(block.lines) }];
    case "seal":
      return [{ kind: "seal", agency: input.agency.zh, date: formatDateZh(input.issuedOn) }];
    case "receipt":
      return [{ kind: "receipt", title: fill(block.title), lines: block.lines.map(fill) }];
  }
}
