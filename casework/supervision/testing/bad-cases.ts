import type { BadCase } from "./bad-case.ts";
import { enforcementCases } from "./bad-enforcement.ts";
import { handlingCases } from "./bad-handling.ts";
import { outcomeCases } from "./bad-outcomes.ts";

export const badCases: readonly BadCase[] = [...handlingCases, ...enforcementCases, ...outcomeCases];
