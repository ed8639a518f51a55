import { z } from "zod";
import {
  conditionField,
  type DocumentTemplate,
  type Placeholder,
  placeholdersIn,
  type TemplateBlock,
  type TemplateField,
  textsOf,
} from "../casework/documents/template.ts";
import { type ParameterKey, parameterKinds } from "../casework/parameters.ts";
import type { Fault } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { pathText } from "./faults.ts";

const laws = z.object({ laws: z.array(z.object({ id: z.string() })) }).parse(readCatalogue("laws.json"));
const lawIds = new Set(laws.laws.map((law) => law.id));

type Path = readonly PropertyKey[];

/** What a template's shape cannot say: names that lead nowhere, fields that nothing uses, blocks of the wrong kind. */
export function templateFaults(template: DocumentTemplate): Fault[] {
  const fields = new Map(template.fields.map((field) => [field.name, field]));
  const used = new Set<string>();
  const faults: Fault[] = [];
  const fault = (path: Path, message: string) => faults.push({ path: pathText(path), message });
  const use = (path: Path, name: string): TemplateField | undefined => {
    used.add(name);
    const field = fields.get(name);
    if (field === undefined) fault(path, `there is no field "${name}"`);
    return field;
  };
  for (const [index, block] of template.body.entries()) {
    const path = ["body", index];
    for (const { condition, at } of conditionsOf(block)) use([...path, ...at], conditionField(condition));
    for (const { text, path: at } of textsOf(block)) {
      if (/\{\{|\}\}/.test(text.replaceAll(/\{\{[^{}]*\}\}/g, "")))
        fault([...path, ...at], "a placeholder is not closed");
      for (const placeholder of placeholdersIn(text))
        checkPlaceholder(placeholder, [...path, ...at], use, fault);
    }
    checkFieldBlock(block, path, use, fault);
  }
  for (const [index, { requiredWhen }] of template.fields.entries())
    if (requiredWhen !== undefined) use(["fields", index, "requiredWhen"], conditionField(requiredWhen));
  for (const [index, { name }] of template.fields.entries()) {
    if (!used.has(name)) fault(["fields", index], `nothing uses "${name}"`);
    if (template.fields.findIndex((field) => field.name === name) < index)
      fault(["fields", index], `"${name}" is declared twice`);
  }
  return faults;
}

type Use = (path: Path, name: string) => TemplateField | undefined;
type AddFault = (path: Path, message: string) => void;

function conditionsOf(block: TemplateBlock): { condition: string; at: Path }[] {
  const own = block.when === undefined ? [] : [{ condition: block.when, at: ["when"] }];
  if (block.kind !== "table") return own;
  const rows = block.rows.flatMap(({ when }, index) =>
    when === undefined ? [] : [{ condition: when, at: ["rows", index, "when"] }],
  );
  return [...own, ...rows];
}

function checkPlaceholder(placeholder: Placeholder, path: Path, use: Use, fault: AddFault): void {
  switch (placeholder.kind) {
    case "field":
      if (use(path, placeholder.name)?.kind === "rows")
        fault(path, `"${placeholder.name}" has rows: only a grid can show it`);
      return;
    case "law":
      if (!lawIds.has(placeholder.law)) fault(path, `there is no law "${placeholder.law}"`);
      if (placeholder.article === "") fault(path, "a law is cited with its article: {{law:xzcf:72}}");
      return;
    case "param":
    case "rate": {
      const kind = Object.hasOwn(parameterKinds, placeholder.key)
        ? parameterKinds[placeholder.key as ParameterKey]
        : undefined;
      if (kind === undefined) fault(path, `there is no parameter "${placeholder.key}"`);
      else if (placeholder.kind === "rate" && kind !== "count")
        fault(path, `"${placeholder.key}" is a ${kind}, not a rate`);
    }
  }
}

function checkFieldBlock(block: TemplateBlock, path: Path, use: Use, fault: AddFault): void {
  if (block.kind !== "list" && block.kind !== "grid") return;
  const wanted = block.kind === "list" ? "list" : "rows";
  const field = use([...path, "field"], block.field);
  if (field !== undefined && field.kind !== wanted)
    fault([...path, "field"], `"${block.field}" is a ${field.kind}; this block shows a ${wanted}`);
}
