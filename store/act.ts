import { regionPrefix } from "../casework/region.ts";
import type { Actor } from "../casework/roles.ts";
import type { EpochMs } from "../pipeline/domain/types.ts";

/**
 * Where somebody may look and act: a user's regions, or `every` for our own programs. Never make `every`
 * out of anything a user sent. No regions: nothing.
 */
export type RegionScope = readonly string[] | "every";

/** Who does something, where they may, when, and where new ids come from. */
export interface Act {
  readonly actor: Actor;
  readonly scope: RegionScope;
  readonly at: EpochMs;
  readonly newId: (prefix: string) => string;
}

/** The prefixes `starts_with` is asked for in SQL: `['51', '510107']`. */
export function scopePrefixes(scope: RegionScope): string[] {
  if (scope === "every") return [""];
  return scope.map(regionPrefix).filter((prefix) => prefix !== null);
}

/** Whether a region lies in the scope. */
export function isInScope(scope: RegionScope, region: string): boolean {
  return scopePrefixes(scope).some((prefix) => region.startsWith(prefix));
}

/** SQL that is true for rows in the scope, given the column and the parameter that holds `scopePrefixes()`. */
export function inScope(column: string, parameter: string): string {
  return `exists (select 1 from unnest(${parameter}::text[]) as scope (prefix) where starts_with(${column}, scope.prefix))`;
}

/** Instants leave the store as ISO 8601 in UTC. */
export function iso(at: Date): string {
  return at.toISOString();
}

export function isoOrNull(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}

/** The user id of a person who acts; null for the system and for a party. */
export function userIdOf(actor: Actor): string | null {
  return actor.kind === "user" ? actor.userId : null;
}

/** User id, or the name of the program; null for a party, who has no account. */
export function actorIdOf(actor: Actor): string | null {
  switch (actor.kind) {
    case "user":
      return actor.userId;
    case "system":
      return actor.name;
    case "party":
      return null;
  }
}
