import { PATIENCE_AT_END } from "./absence.ts";
import { coveredShare, iou } from "./box.ts";
import { isSameObject, ONE_OBJECT_IOU } from "./candidate-merge.ts";
import { Anchor, isAtPlace, mayBeReturn, type Place, RecentPlace, takesGroundOf } from "./stationary.ts";
import { Stay, type TrackSighting } from "./stay.ts";
import type { Box, EpochMs, FrameTime, Polygon } from "./types.ts";
import { isInZone, remainsInZone } from "./zone-presence.ts";

/** What counts as staying. */
export interface StayPolicy {
  begins(box: Box): boolean;
  continues(box: Box, stay: Stay): boolean;
  newPlace(): Place;
}

/** Standing still, anywhere in the picture. */
export const standingStill: StayPolicy = {
  begins: () => true,
  continues: (box, stay) => isAtPlace(box, stay.box),
  newPlace: () => new Anchor(),
};

/** Being in a zone, moving or not. */
export function beingIn(polygon: Polygon): StayPolicy {
  return {
    begins: (box) => isInZone(box, polygon),
    continues: (box) => remainsInZone(box, polygon),
    newPlace: () => new RecentPlace(),
  };
}

/** Sightings elsewhere in a row, and the time they span, before a track has left its place: one odd box moves nobody. */
const STRAY_SIGHTINGS = 3;
const STRAY_MS = 1_500;
const STRAY_KEPT = 32;
/** More of its place covered than usual by this share: what stands there cannot be expected to be seen. */
const COVER_SHARE = 0.35;
const MOST_COVER = 0.95;
const USUAL_COVER_WEIGHT = 0.1;

interface Follower {
  stay: Stay | null;
  /** Sightings in a row that do not belong to the stay. */
  stray: TrackSighting[];
  /** It was seen somewhere else before. */
  moved: boolean;
}

export interface StayUpdate {
  /** Stays seen in this frame, in order of birth. */
  readonly sighted: readonly Stay[];
  /** Stays that are over; they ended with their last sighting. */
  readonly ended: readonly Stay[];
}

/** Which track belongs to which stay, across lost tracks, wrong boxes, occlusions and outages. */
export class StayBook {
  readonly #policy: StayPolicy;
  #stays: Stay[] = [];
  readonly #followers = new Map<string, Follower>();

  constructor(policy: StayPolicy) {
    this.#policy = policy;
  }

  get stays(): readonly Stay[] {
    return this.#stays;
  }

  /**
   * Takes in one frame.
   * @param seen what the tracks saw in it, at most once each
   * @param removed tracks that were forgotten
   * @param lookMs time since the frame before
   * @param bridgeMs up to here a hole counts as seen throughout
   */
  observe(
    seen: readonly TrackSighting[],
    removed: readonly string[],
    at: FrameTime,
    lookMs: number,
    bridgeMs: number,
  ): StayUpdate {
    for (const one of seen) this.#follow(one, lookMs, bridgeMs);
    for (const id of removed) this.#followers.delete(id);
    this.#judgeAbsences(seen, at, lookMs, bridgeMs);
    this.#merge(at, bridgeMs);
    const ended = this.#stays.filter((stay) => stay.isOver);
    if (ended.length > 0) this.#drop(ended);
    return { sighted: this.#stays.filter((stay) => isSeenAt(stay, at)), ended };
  }

  /**
   * The stream's clock went back: nobody can say how long anything has stood. Stays that became candidates
   * are remembered at their places, all others begin anew.
   */
  forgetTime(): void {
    this.#drop(this.#stays.filter((stay) => stay.fired.length === 0));
    this.#followers.clear();
  }

  /** The stream is over: takes out the stays whose object was gone from its place by then. */
  close(now: EpochMs, bridgeMs: number): readonly Stay[] {
    const gone = this.#stays.filter(
      (stay) =>
        now - stay.last.at.capturedAt >= bridgeMs &&
        (stay.departing || stay.absence.exhausts(PATIENCE_AT_END)),
    );
    this.#drop(gone);
    return gone;
  }

  #follow(one: TrackSighting, lookMs: number, bridgeMs: number): void {
    const { box } = one.sighting;
    const follower = this.#followers.get(one.trackId) ?? { stay: null, stray: [], moved: false };
    this.#followers.set(one.trackId, follower);
    if (follower.stay === null) {
      if (this.#policy.begins(box)) this.#open(follower, [one], lookMs, bridgeMs);
      else follower.moved = true;
    } else if (this.#policy.continues(box, follower.stay)) {
      follower.stray = [];
      // Two tracks on one object: one sighting a frame is enough.
      if (!isSeenAt(follower.stay, one.sighting.at)) follower.stay.see(one, lookMs, bridgeMs);
    } else {
      this.#stray(follower, one, bridgeMs);
    }
  }

  #stray(follower: Follower, one: TrackSighting, bridgeMs: number): void {
    follower.stray.push(one);
    if (follower.stray.length > STRAY_KEPT) follower.stray.shift();
    const first = follower.stray[0] ?? one;
    const spanMs = one.sighting.at.capturedAt - first.sighting.at.capturedAt;
    if (follower.stray.length < STRAY_SIGHTINGS || spanMs < STRAY_MS) return;
    const { stay, stray } = follower;
    const shared = [...this.#followers.values()].some((other) => other !== follower && other.stay === stay);
    if (stay !== null && !shared) stay.departing = true;
    follower.stay = null;
    follower.stray = [];
    follower.moved = true;
    if (!this.#policy.begins(one.sighting.box)) return;
    this.#open(follower, tailAtOnePlace(stray, one.sighting.box), 0, bridgeMs);
  }

  #open(follower: Follower, sightings: readonly TrackSighting[], lookMs: number, bridgeMs: number): void {
    const [first, ...rest] = sightings;
    if (first === undefined) return;
    const stay = new Stay(first, this.#policy.newPlace(), !follower.moved);
    let before = first.sighting.at.capturedAt;
    for (const one of rest) {
      stay.see(one, one.sighting.at.capturedAt - before || lookMs, bridgeMs);
      before = one.sighting.at.capturedAt;
    }
    follower.stay = stay;
    this.#stays.push(stay);
  }

  /** Why is a stay not seen in this frame: no frames, something in front of it, or nothing there? */
  #judgeAbsences(seen: readonly TrackSighting[], at: FrameTime, lookMs: number, bridgeMs: number): void {
    for (const stay of this.#stays) {
      const others = seen.filter((one) => this.#followers.get(one.trackId)?.stay !== stay);
      const cover = others.reduce((sum, one) => sum + coveredShare(stay.box, one.sighting.box), 0);
      if (isSeenAt(stay, at)) {
        stay.usualCover += USUAL_COVER_WEIGHT * (cover - stay.usualCover);
      } else if (lookMs > bridgeMs) {
        stay.absence.outage(lookMs);
      } else {
        stay.absence[this.#whyUnseen(stay, others, cover)](lookMs);
      }
    }
  }

  #whyUnseen(stay: Stay, others: readonly TrackSighting[], cover: number): "clear" | "covered" | "contested" {
    let contested = false;
    for (const one of others) {
      const theirs = this.#followers.get(one.trackId)?.stay;
      // Another object stands on the very spot, so this one is gone.
      if (theirs?.isEstablished && iou(theirs.box, stay.box) >= ONE_OBJECT_IOU) return "clear";
      // What stood there before is no newcomer on its ground.
      if (theirs?.isEstablished !== true && takesGroundOf(one.sighting.box, stay.box)) stay.displaced = true;
      contested ||= mayBeReturn(one.sighting.box, stay.box);
    }
    if (contested) return "contested";
    return cover >= Math.min(MOST_COVER, stay.usualCover + COVER_SHARE) ? "covered" : "clear";
  }

  #merge(at: FrameTime, bridgeMs: number): void {
    const straying = new Set(
      [...this.#followers.values()].filter(({ stray }) => stray.length > 0).map(({ stay }) => stay),
    );
    for (let i = 0; i < this.#stays.length; i++) {
      for (let j = this.#stays.length - 1; j > i; j--) {
        const earlier = this.#stays[i];
        const later = this.#stays[j];
        if (earlier === undefined || later === undefined) continue;
        const vanished = !isSeenAt(later, at) && !straying.has(later);
        if (!isSameObject(earlier, later, vanished)) continue;
        earlier.absorb(later, bridgeMs);
        for (const follower of this.#followers.values()) {
          if (follower.stay === later) follower.stay = earlier;
        }
        this.#stays.splice(j, 1);
      }
    }
  }

  #drop(stays: readonly Stay[]): void {
    this.#stays = this.#stays.filter((stay) => !stays.includes(stay));
    for (const follower of this.#followers.values()) {
      if (follower.stay !== null && stays.includes(follower.stay)) follower.stay = null;
    }
  }
}

export function isSeenAt(stay: Stay, at: FrameTime): boolean {
  return stay.last.at.capturedAt === at.capturedAt;
}

/** The last sightings of a run that lie where the run ends: since when it has stood there. */
function tailAtOnePlace(run: readonly TrackSighting[], end: Box): readonly TrackSighting[] {
  const from = run.findLastIndex((one) => !isAtPlace(one.sighting.box, end));
  return run.slice(from + 1);
}
