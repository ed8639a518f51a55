import { clueSteps } from "./clue-steps.ts";
import { evidenceSteps } from "./evidence-steps.ts";

/** C01–C03: from the clue to the filed case, and the evidence on the way. */
export const filingSteps = { ...clueSteps, ...evidenceSteps };
