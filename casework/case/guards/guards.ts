import type { Guard } from "../engine.ts";
import type { GuardName } from "../guard-names.ts";
import { closingGuards } from "./closing-guards.ts";
import { courtGuards } from "./court-guards.ts";
import { decisionGuards } from "./decision-guards.ts";
import { fileGuards } from "./file-guards.ts";
import { noticeGuards } from "./notice-guards.ts";
import { performanceGuards } from "./performance-guards.ts";
import { serviceGuards } from "./service-guards.ts";
import { whoGuards } from "./who-guards.ts";

/** Every guard the table names; a missing one does not compile. */
export const guards: Readonly<Record<GuardName, Guard>> = {
  ...whoGuards,
  ...fileGuards,
  ...noticeGuards,
  ...decisionGuards,
  ...serviceGuards,
  ...performanceGuards,
  ...courtGuards,
  ...closingGuards,
};
