/**
 * Labels a detector takes for one another on the same object. Inside a group a changing label does not break
 * a track; across groups nothing is ever joined (a person never becomes a vehicle, a rider never a motorcycle).
 */
const GROUPS: readonly (readonly string[])[] = [
  ["car", "truck", "bus", "van", "vehicle"],
  ["bicycle", "motorcycle", "motorbike", "bike"],
  ["backpack", "handbag", "suitcase"],
];

const GROUP_OF = new Map(GROUPS.flatMap((group) => group.map((label) => [label, group.join("|")] as const)));

/** Name of the label's group; a label of no group is its own. */
export function groupOf(label: string): string {
  return GROUP_OF.get(label) ?? label;
}

/** Three-class models know only these; a rule that names one of the kinds means them too. */
const COARSE: Readonly<Record<string, readonly string[]>> = {
  vehicle: ["car", "truck", "bus", "van"],
  bike: ["bicycle", "motorcycle", "motorbike"],
};

/** The labels of a rule and the coarser words under which some models report the same objects. */
export function withCoarseLabels(labels: readonly string[]): readonly string[] {
  const coarse = Object.keys(COARSE).filter((word) => COARSE[word]?.some((kind) => labels.includes(kind)));
  return [...new Set([...labels, ...coarse])];
}
