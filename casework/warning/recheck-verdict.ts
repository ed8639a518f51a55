/** What a camera's second look shows. It proposes; an officer decides (I8, I9). */
export const lookResults = {
  gone: { zh: "已不在", en: "gone" },
  still_there: { zh: "仍在原处", en: "still there" },
  unclear: { zh: "无法判断", en: "unclear" },
} as const;

export type LookResult = keyof typeof lookResults;

/**
 * One fresh frame against what was warned about. `there`: the same kind of thing at the same place; `elsewhere`: one in
 * the zone, but not there; `hidden`: something stands before the place; `nothing`; `unreadable`: no usable picture.
 */
export type LookSight = "there" | "elsewhere" | "hidden" | "nothing" | "unreadable";

/** Fewer usable frames say nothing. */
export const MIN_LOOK_FRAMES = 3;
/** Of the usable frames so many in a hundred show it: detectors miss what is there now and then, seldom the reverse. */
const THERE_PERCENT = 60;

/**
 * Puts the frames of one look together. `gone` only when no usable frame shows anything of the kind in the zone and
 * nothing stood before the place: in doubt a person looks.
 */
export function recheckVerdict(sights: readonly LookSight[]): LookResult {
  const usable = sights.filter((sight) => sight !== "unreadable");
  if (usable.length < MIN_LOOK_FRAMES) return "unclear";
  const there = usable.filter((sight) => sight === "there").length;
  if (there * 100 >= THERE_PERCENT * usable.length) return "still_there";
  return usable.every((sight) => sight === "nothing") ? "gone" : "unclear";
}
