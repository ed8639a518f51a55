import type { Effects } from "../engine.ts";
import type { StepName } from "../step-input.ts";
import { closingSteps } from "./closing-steps.ts";
import { courtSteps } from "./court-steps.ts";
import { decisionSteps } from "./decision-steps.ts";
import { filingSteps } from "./filing-steps.ts";
import { investigationSteps } from "./investigation-steps.ts";
import { noticeSteps } from "./notice-steps.ts";
import { onTheSpotSteps } from "./on-the-spot-steps.ts";
import { performanceSteps } from "./performance-steps.ts";
import { remedySteps } from "./remedy-steps.ts";
import { serviceSteps } from "./service-steps.ts";

/** What every step does to the file; a missing one does not compile. */
export const effects: Effects<StepName> = {
  ...filingSteps,
  ...investigationSteps,
  ...onTheSpotSteps,
  ...noticeSteps,
  ...decisionSteps,
  ...serviceSteps,
  ...performanceSteps,
  ...courtSteps,
  ...remedySteps,
  ...closingSteps,
};
