import type { EpochMs } from "../local-time.ts";
import { type Refused, refused } from "../refusal.ts";
import { type Actor, personRequired, refuseWithout } from "../roles.ts";
import { type GrantFacts, grantRuns, type ViewPurpose, viewPurposes } from "./evidence-access.ts";

/**
 * What evidence may leave the house for. A closed list and no free text: the answer stays in the evidence log for ever,
 * where nobody's name may stand.
 */
export const exportPurposes = {
  ...viewPurposes,
  inform_party: { zh: "告知或送达当事人", en: "informing or serving the party" },
  other_agency: { zh: "移送有管辖权的机关", en: "handing over to the competent agency" },
} as const;

export type ExportPurpose = keyof typeof exportPurposes;

export interface ExportWish {
  /** `masked`: without originals, for anyone outside. `all`: for those who may see the originals. */
  readonly include: "masked" | "all";
  readonly purpose: ExportPurpose;
}

export interface PurposeGrant extends GrantFacts {
  readonly purpose: ViewPurpose;
}

export type ExportDecision = { readonly ok: true; readonly grantId: string | null } | Refused;

/**
 * May this person take the evidence of one incident out of the house? Masked copies: whoever may read the incident.
 * Originals: by a running grant of their own for this incident and this very purpose, which another person approved
 * (C-07); a review claim lets them look, not take a copy away. `grants`: this incident's, in any state and of anybody.
 */
export function groundForExport(
  wish: ExportWish,
  grants: readonly PurposeGrant[],
  actor: Actor,
  now: EpochMs,
): ExportDecision {
  if (actor.kind !== "user") return refused(personRequired);
  const withoutRight = refuseWithout("incident.read", actor);
  if (withoutRight !== null) return refused(withoutRight);
  if (wish.include === "masked") return { ok: true, grantId: null };
  const grant = grants.find(
    (one) => one.requestedBy === actor.userId && one.purpose === wish.purpose && grantRuns(one, now),
  );
  if (grant !== undefined) return { ok: true, grantId: grant.grantId };
  return refused({
    code: "evidence.export_grant_required",
    article: "grxx:51",
    messageZh: "导出原始证据须有为同一用途批准且仍在有效期内的查看授权；请先申请，或导出遮挡副本。",
    messageEn:
      "Originals are exported by a running grant that was approved for this very purpose. Ask for one, or export the masked copies.",
  });
}
