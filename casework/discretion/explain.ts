import type { Computation } from "./penalty.ts";

/** 裁量说明 as it goes into documents: numbered steps, one a line. */
export function explainZh({ steps }: Pick<Computation, "steps">): string {
  return steps.map((step, index) => `${index + 1}．${step.zh}`).join("\n");
}

/** The explanation in English: numbered steps, one a line. */
export function explainEn({ steps }: Pick<Computation, "steps">): string {
  return steps.map((step, index) => `${index + 1}. ${step.en}`).join("\n");
}
