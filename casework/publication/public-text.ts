import type { CaseFile } from "../case/case-file.ts";
import { penaltyInForce } from "../case/decision-in-force.ts";
import type { MatterFacts } from "../case/step-facts.ts";
import { formatDateZh } from "../clocks/date.ts";
import { type Penalty, type Provision, penaltyKinds } from "../discretion/penalty.ts";
import { amountZh } from "../documents/amount-zh.ts";
import { isMinor, publicName, redactText } from "./redact.ts";

export interface PublicFacts {
  readonly agencyZh: string;
  /** As on the day of the act or of the decision. */
  readonly matter: Pick<MatterFacts, "zh" | "bases">;
  /** A provision as people cite it. */
  readonly cite: (provision: Provision) => string;
}

export interface PublicLine {
  readonly label: string;
  readonly text: string;
}

/** A decision as it stands in public, or what stands in its place once it was withdrawn. */
export type PublicDecision =
  | { readonly kind: "shown"; readonly title: string; readonly lines: readonly PublicLine[] }
  | { readonly kind: "withdrawn"; readonly title: string; readonly on: string; readonly reason: string };

const TITLE = "行政处罚决定信息";

/**
 * What the public may read of a case (行政处罚法 48, 50): null where a person decided not to publish it, and where the party is
 * under age. A withdrawn one says that it was withdrawn and why, and nothing of what it said.
 */
export function publicDecision(file: CaseFile, facts: PublicFacts): PublicDecision | null {
  const { decision, publication, party } = file;
  if (decision === null || publication?.publish !== true || isMinor(party, file.act.endedAt)) return null;
  if (publication.withdrawn !== null) {
    const { on, reason } = publication.withdrawn;
    return { kind: "withdrawn", title: TITLE, on, reason: redactText(reason, party) };
  }
  const penalty = penaltyInForce(file);
  // The decision is gone and nobody has withdrawn it yet: what it said is not shown any longer.
  if (penalty === null) {
    const change = file.changes.at(-1);
    const reason = redactText(change?.reason ?? "", party);
    return { kind: "withdrawn", title: TITLE, on: change?.on ?? decision.on, reason };
  }
  const basis = facts.matter.bases.find(({ id }) => id === penalty.basisId);
  const number = file.documents.find(({ docId }) => docId === decision.docId)?.number ?? null;
  const lines: PublicLine[] = [
    { label: "决定书文号", text: number ?? "" },
    { label: "被处罚人", text: publicName(party) },
    { label: "案由", text: facts.matter.zh },
    {
      label: "违法事实",
      text: `在${redactText(file.act.place, party)}：${redactText(file.act.summary, party)}`,
    },
    {
      label: "处罚依据",
      text: basis === undefined ? "" : [basis.forbids, basis.penalises].map(facts.cite).join("、"),
    },
    { label: "处罚内容", text: penaltyZh(penalty) },
    { label: "处罚理由", text: redactText(decision.reasons, party) },
    { label: "决定机关", text: facts.agencyZh },
    { label: "决定日期", text: formatDateZh(decision.on) },
    ...file.changes.map(({ on, reason }) => ({
      label: "决定变更",
      text: `${formatDateZh(on)}变更：${redactText(reason, party)}`,
    })),
  ];
  return { kind: "shown", title: TITLE, lines: lines.filter(({ text }) => text !== "") };
}

/** The whole of it as one text: what is checked for personal data and held against the decision. */
export function publicText(decision: PublicDecision): string {
  if (decision.kind === "withdrawn")
    return `${decision.title}\n已撤回：${formatDateZh(decision.on)}\n${decision.reason}`;
  return [decision.title, ...decision.lines.map(({ label, text }) => `${label}：${text}`)].join("\n");
}

function penaltyZh({ kinds, fineFen, confiscation }: Penalty): string {
  return kinds
    .map((kind) => {
      if (kind === "fine") return `${penaltyKinds.fine}${amountZh(fineFen)}`;
      if (kind === "confiscation" && confiscation !== null) return `没收${confiscation}`;
      return penaltyKinds[kind];
    })
    .join("；");
}
