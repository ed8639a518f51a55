import { PATIENCE_AT_END } from "./absence.ts";
import { coveredShare, iou } from "./box.ts";
import { isSameObject, ONE_OBJECT_IOU } from "./candidate-merge.ts";
import { flag, list, nullable, num, record, type ShapeOf, text } from "./shape.ts";
import { packTrackSighting, trackSightingShape, unpackTrackSighting } from "./sighting-state.ts";
import {
  Anchor,
  isAtPlace,
  mayBeReturn,
  type Place,
  type PlaceState,
  RecentPlace,
  takesGroundOf,
} from "./stationary.ts";
import { Stay, stayShape } from "./stay.ts";
import type { TrackSighting } from "./track-sighting.ts";
import { groupOf } from "./tracking/label-groups.ts";
import type { Box, Detection, EpochMs, FrameTime, Polygon } from "./types.ts";
import { isInZone, remainsInZone } from "./zone-presence.ts";

/** What counts as staying. */
export interface StayPolicy {
  begins(box: Box): boolean;
  continues(box: Box, stay: Stay): boolean;
  newPlace(from?: PlaceState): Place;
}

/** Standing still, anywhere in the picture. */
export const standingStill: StayPolicy = {
  begins: () => true,
  continues: (box, stay) => isAtPlace(box, stay.box),
  newPlace: (from) => new Anchor(from),
};

/** Being in a zone, moving or not. */
export function beingIn(polygon: Polygon): StayPolicy {
  return {
    begins: (box) => isInZone(box, polygon),
    continues: (box) => remainsInZone(box, polygon),
    newPlace: (from) => new RecentPlace(from),
  };
}

/**
 * More stays than any street has: then the detector sees ghosts, and the book must not grow with them. What was seen
 * longest ago goes first, candidates last.
 */
const MOST_STAYS = 256;

/** Sightings elsewhere in a row, and the time they span, before a track has left its place: one odd box moves nobody. */
const STRAY_SIGHTINGS = 3;
const STRAY_MS = 1_500;
const STRAY_KEPT = 32;
/** More of its place covered than usual by this share: what stands there cannot be expected to be seen. */
const COVER_SHARE = 0.35;
const MOST_COVER = 0.95;
/** A car that has left its place still covers up to two thirds of it. */
const HIDDEN_SHARE = 0.8;
const USUAL_COVER_WEIGHT = 0.1;

interface Stray {
  readonly seen: TrackSighting;
  /** For so long afterwards nothing moved in the picture. */
  heldMs: number;
}

interface Follower {
  stay: Stay | null;
  /** Sightings in a row that do not belong to the stay. */
  stray: Stray[];
  /** It was seen somewhere else before. */
  moved: boolean;
}

const followerShape = record({
  trackId: text,
  /** Where in the list of stays; null for none. */
  stay: nullable(num),
  stray: list(record({ seen: trackSightingShape, heldMs: num })),
  moved: flag,
});
export const bookShape = record({ stays: list(stayShape), followers: list(followerShape) });
export type BookState = ShapeOf<typeof bookShape>;

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

  constructor(policy: StayPolicy, from?: BookState) {
    this.#policy = policy;
    if (from === undefined) return;
    this.#stays = from.stays.map((stay) => Stay.from(stay, policy.newPlace));
    for (const { trackId, stay, stray, moved } of from.followers) {
      this.#followers.set(trackId, {
        stay: stay === null ? null : (this.#stays[stay] ?? null),
        stray: stray.map(({ seen, heldMs }) => ({ seen: unpackTrackSighting(seen), heldMs })),
        moved,
      });
    }
  }

  state(): BookState {
    return {
      stays: this.#stays.map((stay) => stay.state()),
      followers: [...this.#followers].map(([trackId, { stay, stray, moved }]) => ({
        trackId,
        stay: stay === null ? null : this.#stays.indexOf(stay),
        stray: stray.map(({ seen, heldMs }) => ({ seen: packTrackSighting(seen), heldMs })),
        moved,
      })),
    };
  }

  get stays(): readonly Stay[] {
    return this.#stays;
  }

  /**
   * Takes in one frame.
   * @param seen what the tracks saw in it, at most once each
   * @param removed tracks that were forgotten
   * @param lookMs time since the look before
   * @param bridgeMs up to here a hole counts as seen throughout
   * @param blindFrom since when nobody has looked, null where frames have come all the time
   */
  observe(
    seen: readonly TrackSighting[],
    removed: readonly string[],
    at: FrameTime,
    lookMs: number,
    bridgeMs: number,
    blindFrom: EpochMs | null,
  ): StayUpdate {
    if (blindFrom !== null) for (const stay of this.#stays) stay.absence.blind(blindFrom, at.capturedAt);
    // Of several boxes around one object the surest counts.
    const surestFirst = [...seen].sort((a, b) => b.sighting.score - a.sighting.score);
    for (const one of surestFirst) this.#follow(one, lookMs, bridgeMs);
    for (const id of removed) this.#followers.delete(id);
    this.#judgeAbsences(seen, at, lookMs, blindFrom !== null);
    this.#merge(at, bridgeMs);
    const ended = [...new Set([...this.#stays.filter((stay) => stay.isOver), ...this.#tooMany()])];
    if (ended.length > 0) this.#drop(ended);
    return { sighted: this.#stays.filter((stay) => isSeenAt(stay, at)), ended };
  }

  /**
   * A frame in which nothing has moved since the last look, at `lookAt`. What stood then stands now; of what moved,
   * or stood too short, the next look will say.
   */
  hold(at: FrameTime, lookAt: EpochMs, gapMs: number, bridgeMs: number): StayUpdate {
    const straying = this.#straying();
    for (const stay of this.#stays) {
      if (stay.last.at.capturedAt < lookAt) continue;
      if (stay.stood && !stay.departing && !straying.has(stay)) stay.remain(at, bridgeMs);
      else stay.absence.held(gapMs);
    }
    for (const { stray } of this.#followers.values()) {
      const last = stray.at(-1);
      if (last !== undefined && last.seen.sighting.at.capturedAt >= lookAt) last.heldMs += gapMs;
    }
    return { sighted: this.#stays.filter((stay) => isSeenAt(stay, at)), ended: [] };
  }

  /**
   * True when a candidate's object was lost where this is seen. Then even a doubtful sighting is more likely to be that
   * object than none.
   */
  expects(detection: Detection, lookAt: EpochMs): boolean {
    return this.#stays.some(
      (stay) =>
        stay.fired.length > 0 &&
        stay.last.at.capturedAt < lookAt &&
        groupOf(stay.votes.mostFrequent() ?? "") === groupOf(detection.label) &&
        iou(detection.box, stay.box) >= ONE_OBJECT_IOU,
    );
  }

  /** Forgets everything; returns the stays there were. */
  clear(): readonly Stay[] {
    const gone = this.#stays;
    this.#stays = [];
    this.#followers.clear();
    return gone;
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
      if (this.#policy.begins(box)) this.#open(follower, [{ seen: one, heldMs: 0 }], lookMs, bridgeMs);
      else follower.moved = true;
    } else if (this.#policy.continues(box, follower.stay) && !follower.stay.isDoubtfulReturn(box)) {
      follower.stray = [];
      // Two tracks on one object: one sighting a frame is enough.
      if (!isSeenAt(follower.stay, one.sighting.at)) follower.stay.see(one, lookMs, bridgeMs);
    } else {
      this.#stray(follower, one, bridgeMs);
    }
  }

  #stray(follower: Follower, one: TrackSighting, bridgeMs: number): void {
    follower.stray.push({ seen: one, heldMs: 0 });
    if (follower.stray.length > STRAY_KEPT) follower.stray.shift();
    const first = follower.stray[0]?.seen ?? one;
    const spanMs = one.sighting.at.capturedAt - first.sighting.at.capturedAt;
    if (follower.stray.length < STRAY_SIGHTINGS || spanMs < STRAY_MS) return;
    const { stay, stray } = follower;
    const shared = [...this.#followers.values()].some((other) => other !== follower && other.stay === stay);
    // What hides the place now has taken the track over: nobody was seen going away.
    const hidden = stay !== null && coveredShare(stay.box, one.sighting.box) >= HIDDEN_SHARE;
    if (stay !== null && !shared && !hidden) stay.departing = true;
    follower.stay = null;
    follower.stray = [];
    follower.moved = true;
    if (!this.#policy.begins(one.sighting.box)) return;
    this.#open(follower, tailAtOnePlace(stray, one.sighting.box), 0, bridgeMs);
  }

  #open(follower: Follower, sightings: readonly Stray[], lookMs: number, bridgeMs: number): void {
    const [first, ...rest] = sightings;
    if (first === undefined) return;
    const stay = Stay.begin(first.seen, this.#policy.newPlace(), !follower.moved);
    let before = first;
    for (const one of rest) {
      stay.absence.held(before.heldMs);
      const gapMs = one.seen.sighting.at.capturedAt - before.seen.sighting.at.capturedAt;
      stay.see(one.seen, gapMs || lookMs, bridgeMs);
      before = one;
    }
    follower.stay = stay;
    this.#stays.push(stay);
  }

  /** Why is a stay not seen in this frame: nobody looked before, something in front of it, or nothing there? */
  #judgeAbsences(seen: readonly TrackSighting[], at: FrameTime, lookMs: number, wasBlind: boolean): void {
    for (const stay of this.#stays) {
      const others = seen.filter((one) => this.#followers.get(one.trackId)?.stay !== stay);
      const cover = others.reduce((sum, one) => sum + coveredShare(stay.box, one.sighting.box), 0);
      if (isSeenAt(stay, at)) {
        stay.usualCover += USUAL_COVER_WEIGHT * (cover - stay.usualCover);
      } else if (!wasBlind) {
        stay.absence[this.#whyUnseen(stay, others, cover)](lookMs);
      }
    }
  }

  #whyUnseen(
    stay: Stay,
    others: readonly TrackSighting[],
    cover: number,
  ): "clear" | "taken" | "covered" | "contested" {
    let contested = false;
    for (const one of others) {
      const theirs = this.#followers.get(one.trackId)?.stay;
      if (theirs?.isEstablished && iou(theirs.box, stay.box) >= ONE_OBJECT_IOU) return "taken";
      // What stood there before is no newcomer on its ground.
      if (theirs?.isEstablished !== true && takesGroundOf(one.sighting.box, stay.box)) stay.displaced = true;
      contested ||= mayBeReturn(one.sighting.box, stay.box);
    }
    if (contested) return "contested";
    return cover >= Math.min(MOST_COVER, stay.usualCover + COVER_SHARE) ? "covered" : "clear";
  }

  #merge(at: FrameTime, bridgeMs: number): void {
    const straying = this.#straying();
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

  /** Stays whose track was last seen elsewhere. */
  #straying(): ReadonlySet<Stay | null> {
    return new Set(
      [...this.#followers.values()].filter(({ stray }) => stray.length > 0).map(({ stay }) => stay),
    );
  }

  #tooMany(): readonly Stay[] {
    if (this.#stays.length <= MOST_STAYS) return [];
    const rank = (stay: Stay) => (stay.fired.length > 0 ? 1 : 0);
    const byWorth = [...this.#stays].sort(
      (a, b) => rank(a) - rank(b) || a.last.at.capturedAt - b.last.at.capturedAt,
    );
    return byWorth.slice(0, this.#stays.length - MOST_STAYS);
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
function tailAtOnePlace(run: readonly Stray[], end: Box): readonly Stray[] {
  const from = run.findLastIndex((one) => !isAtPlace(one.seen.sighting.box, end));
  return run.slice(from + 1);
}
