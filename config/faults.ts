import type { z } from "zod";
import type { Fault } from "../pipeline/domain/errors.ts";

/** zod's issues as faults with paths as people write them: `rules[0].zone`. */
export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [{ path: pathText(issue.path), message: issue.message }];
    return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: "unknown key" }));
  });
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}
