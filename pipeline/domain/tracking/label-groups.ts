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
