import { iou } from "../../pipeline/domain/box.ts";
import type { Tracker } from "../../pipeline/domain/tracking/tracker.ts";
import type { Box, Detection } from "../../pipeline/domain/types.ts";

/** One made-up object: where it is and what the detector says of it at a second; null when it says nothing. */
export interface Actor {
  readonly name: string;
  readonly see: (sec: number, random: () => number) => Detection | readonly Detection[] | null;
}

export interface SceneRun {
  /** Actor → every confirmed track id that was seen on it, in order of appearance. */
  readonly idsOf: ReadonlyMap<string, readonly string[]>;
  /** Track id → actors it was seen on. */
  readonly actorsOf: ReadonlyMap<string, readonly string[]>;
}

/** Seeded pseudo-random numbers 0–1 (linear congruential), so that a scene is the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The box with the jitter of a detector: each edge moves by up to `share` of the box's size. */
export function jittered(box: Box, random: () => number, share = 0.03): Box {
  const by = (size: number) => (random() * 2 - 1) * share * size;
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  return [box[0] + by(width), box[1] + by(height), box[2] + by(width), box[3] + by(height)];
}

/** Plays the actors to the tracker at `fps` for `sec` seconds and notes which track was seen on which actor. */
export function playScene(
  tracker: Tracker,
  actors: readonly Actor[],
  { fps, sec, seed = 1 }: { fps: number; sec: number; seed?: number },
): SceneRun {
  const random = seeded(seed);
  const idsOf = new Map<string, string[]>(actors.map((actor) => [actor.name, []]));
  const actorsOf = new Map<string, string[]>();
  for (let look = 0; look <= sec * fps; look++) {
    const seen = actors.flatMap((actor) =>
      [actor.see(look / fps, random) ?? []].flat().map((detection) => ({ actor: actor.name, detection })),
    );
    const { active } = tracker.update(
      seen.map(({ detection }) => detection),
      (look / fps) * 1000,
    );
    for (const { id, confirmed, measured } of active) {
      if (!confirmed || measured === null) continue;
      const owner = seen.find(({ detection }) => iou(detection.box, measured) === 1)?.actor;
      if (owner === undefined) continue;
      note(idsOf, owner, id);
      note(actorsOf, id, owner);
    }
  }
  return { idsOf, actorsOf };
}

function note(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key) ?? [];
  if (!known.includes(value)) known.push(value);
  map.set(key, known);
}
