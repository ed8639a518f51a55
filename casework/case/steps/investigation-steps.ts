import { exitSteps } from "./exit-steps.ts";
import { inquirySteps } from "./inquiry-steps.ts";
import { orderSteps } from "./order-steps.ts";
import { recusalSteps } from "./recusal-steps.ts";

/** C04–C09, C28: the investigation and the ways out of it. */
export const investigationSteps = { ...inquirySteps, ...recusalSteps, ...orderSteps, ...exitSteps };
