import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type DocumentCode, documentCodes } from "../casework/documents/document-codes.ts";
import type { DocumentTemplate } from "../casework/documents/template.ts";
import { type Fault, InvalidInputError } from "../pipeline/domain/errors.ts";
import { packageRoot } from "../runtime/version.ts";
import { templateFaults } from "./document-faults.ts";
import { faultsOf } from "./faults.ts";

const text = z.string().min(1);
const localDate = z.iso.date();
const marker = z.enum(["number", "chinese", "none"]).optional();
const when = z
  .string()
  .regex(/^!?[a-zA-Z]+$/)
  .optional();
const cell = z.strictObject({ label: z.string(), text: z.string() });

const block = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("heading"), text, when }),
  z.strictObject({
    kind: z.literal("paragraph"),
    text,
    indent: z.boolean().optional(),
    align: z.enum(["left", "center", "right"]).optional(),
    when,
  }),
  z.strictObject({ kind: z.literal("clauses"), items: z.array(text).min(1), marker, when }),
  z.strictObject({ kind: z.literal("list"), field: text, marker, when }),
  z.strictObject({
    kind: z.literal("table"),
    rows: z
      .array(
        z.strictObject({
          cells: z.array(cell).min(1).max(2),
          lines: z.int().min(1).max(30).optional(),
          when,
        }),
      )
      .min(1),
    when,
  }),
  z.strictObject({
    kind: z.literal("grid"),
    field: text,
    columns: z.array(z.strictObject({ zh: text, width: z.number().positive() })).min(1),
    when,
  }),
  z.strictObject({ kind: z.literal("signature"), lines: z.array(cell).min(1), when }),
  z.strictObject({ kind: z.literal("seal"), when }),
  z.strictObject({ kind: z.literal("receipt"), title: text, lines: z.array(text).min(1), when }),
]);

const template = z
  .strictObject({
    code: z.enum(Object.keys(documentCodes) as [DocumentCode, ...DocumentCode[]]),
    version: text,
    validFrom: localDate,
    validTo: localDate.nullable(),
    zh: text,
    fields: z.array(
      z.strictObject({
        name: z.string().regex(/^[a-zA-Z]+$/),
        zh: text,
        kind: z.enum(["text", "date", "fen", "list", "rows"]),
        required: z.boolean(),
        requiredWhen: when,
      }),
    ),
    body: z.array(block).min(1),
  })
  .refine((row) => row.validTo === null || row.validFrom <= row.validTo, {
    path: ["validTo"],
    message: "ends before it begins",
  });

/**
 * Checks one template: its shape, that every placeholder names a declared field, a known law or parameter, and that every
 * declared field is used. Throws `InvalidInputError` with every fault and its path.
 */
export function templateFromUnknown(value: unknown, source: string): DocumentTemplate {
  const parsed = template.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  const faults = templateFaults(parsed.data);
  if (faults.length > 0) throw new InvalidInputError(source, faults);
  return parsed.data;
}

export interface TemplateRegistry {
  readonly all: readonly DocumentTemplate[];
  /** The wording in force on a day; undefined where no version covers it. */
  on(code: DocumentCode, date: string): DocumentTemplate | undefined;
}

/**
 * The templates that come with this software and, in front of them, those of `ownDir`: an agency's or a province's own
 * wording. One file is one version of one document. Throws `InvalidInputError` for a faulty file or for versions of one
 * folder that overlap.
 */
export function loadTemplates(ownDir: string | null = null): TemplateRegistry {
  const all = [
    ...(ownDir === null ? [] : templatesIn(ownDir, ownDir)),
    ...templatesIn(join(packageRoot, "config", "catalogue", "documents"), "config/catalogue/documents"),
  ];
  return { all, on: (code, date) => all.find((one) => one.code === code && isInForce(one, date)) };
}

function templatesIn(dir: string, name: string): DocumentTemplate[] {
  const files = readdirSync(dir)
    .filter((file) => file.endsWith(".json"))
    .sort();
  const found = files.map((file) => {
    const source = `${name}/${file}`;
    return { source, template: templateFromUnknown(parseJson(join(dir, file), source), source) };
  });
  for (const [index, one] of found.entries()) {
    const other = found.slice(0, index).find((earlier) => overlap(earlier.template, one.template));
    if (other !== undefined) throw new InvalidInputError(one.source, [overlapFault(other.source)]);
  }
  return found.map((one) => one.template);
}

function parseJson(path: string, source: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidInputError(source, [{ path: "", message }]);
  }
}

function isInForce({ validFrom, validTo }: DocumentTemplate, date: string): boolean {
  return validFrom <= date && (validTo === null || date <= validTo);
}

function overlap(a: DocumentTemplate, b: DocumentTemplate): boolean {
  return a.code === b.code && (isInForce(a, b.validFrom) || isInForce(b, a.validFrom));
}

function overlapFault(other: string): Fault {
  return { path: "validFrom", message: `is in force at the same time as ${other}` };
}
