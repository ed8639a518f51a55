import { holdsPermission, type Permission, type RoleId } from "../../casework/roles.ts";
import { isInScope } from "../../store/act.ts";
import {
  type EventKind,
  eventKinds,
  type Rights,
  type TimelineEvent,
  type WorkCounts,
} from "../../store/event-read-model.ts";

const permissionFor = {
  incident: "incident.read",
  warning: "incident.read",
  case: "case.read",
} as const satisfies Record<EventKind, Permission>;

/** The kinds of events that these roles may hear of at all. */
export function audibleKinds(roles: readonly RoleId[]): EventKind[] {
  return eventKinds.filter((kind) => holdsPermission(roles, permissionFor[kind]));
}

/** Whether somebody may hear of an event: by its kind, and by where it happened. */
export function mayHear(rights: Pick<Rights, "roles" | "regions">, event: TimelineEvent): boolean {
  return holdsPermission(rights.roles, permissionFor[event.kind]) && isInScope(rights.regions, event.region);
}

/** As it is sent: nothing of where it happened or who did it. */
export function shownEvent({ kind, id, action, from, to, at }: TimelineEvent): object {
  return { kind, id, action, from, to, at };
}

/** The counts these roles may know. Named like the states they count. */
export function shownCounts(roles: readonly RoleId[], counts: WorkCounts): Record<string, unknown> {
  const may = (permission: Permission) => holdsPermission(roles, permission);
  return {
    ...(may("incident.read") ? { review_pending: counts.reviewPending, persuading: counts.persuading } : {}),
    ...(may("delivery.read") ? { dead_letters: counts.deadLetters } : {}),
    ...(may("case.read") ? { cases_by_state: counts.casesByState } : {}),
  };
}
