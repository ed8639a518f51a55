import { boxHeight, boxWidth } from "./box.ts";
import { RuleEngine, type StandingObject } from "./rule-engine.ts";
import { Sampling } from "./sampling.ts";
import { BadSnapshotError } from "./shape.ts";
import { beingIn, StayBook, type StayPolicy, standingStill } from "./stay-book.ts";
import type { TrackSighting } from "./track-sighting.ts";
import { type TrackedObject, Tracker } from "./tracking/tracker.ts";
import type { TrackerState } from "./tracking/tracker-state.ts";
import type { Box, Camera, Detection, EpochMs, FrameTime, Rule, WatchEvent } from "./types.ts";
import type { HashText } from "./versions.ts";
import { parseSnapshot, SNAPSHOT_SCHEMA, type WatchSnapshot } from "./watch-snapshot.ts";

/** Frames out of order by less than this are dropped; further back the stream itself has jumped. */
const REORDER_MS = 2_000;
/** A tracker that starts tracks later than any rule believes would hide objects from the rules. */
const SUREST_BIRTH_SCORE = 0.4;

export interface WatchDeps {
  /** sha256 of a UTF-8 text, in hex. */
  readonly hash: HashText;
}

export interface WatchOptions {
  /** What an earlier watch of this camera, under the same zones and rules, knew. From anywhere: it is checked. */
  readonly resume?: unknown;
}

/** What the camera's rules look at right now. */
export interface WatchState {
  readonly at: FrameTime | null;
  /** Objects seen in the last frame, whatever they are. */
  readonly objects: number;
  readonly standing: readonly StandingObject[];
}

interface Desk {
  readonly name: string;
  readonly book: StayBook;
  readonly rules: RuleEngine;
}

/**
 * One camera, from detections to candidates. The same detections at the same times give the same events, byte
 * for byte.
 *
 * Time is the frames' own. A frame whose time repeats, is not finite or lies up to two seconds back is not used.
 * When time jumps further back, the stream has started again: stays that have not fired begin anew, and places
 * of candidates are remembered so that they do not fire twice. Dwell never becomes negative.
 *
 * A watch can be passed on: `state()` here, `resume` there. Nobody looked in between, however short it was.
 */
export class CameraWatch {
  readonly #cameraId: string;
  readonly #birthScore: number;
  readonly #desks: readonly Desk[];
  #tracker: Tracker;
  #sampling: Sampling;
  #last: FrameTime | null;
  #objects = 0;
  #restarts: number;
  /** Nobody looks from the last frame to the next look. */
  #suspended = false;

  /**
   * Throws `InvalidInputError` when a rule names a zone the camera does not have, and `BadSnapshotError`
   * (`watch.bad_snapshot`) when it cannot go on from `resume`: then begin without it.
   */
  constructor(camera: Camera, deps: WatchDeps, options: WatchOptions = {}) {
    const from = options.resume === undefined ? undefined : parseSnapshot(options.resume, camera.id);
    this.#cameraId = camera.id;
    this.#birthScore = Math.min(SUREST_BIRTH_SCORE, ...camera.rules.map((rule) => rule.minScore));
    this.#desks = desksOf(camera, deps.hash, from);
    this.#tracker = this.#newTracker(from?.tracker);
    this.#sampling = new Sampling(from?.sampling);
    this.#last = from?.last ?? null;
    this.#restarts = from?.restarts ?? 0;
    this.#suspended = from !== undefined;
  }

  /** What the next watch of this camera needs to go on. */
  state(): WatchSnapshot {
    return {
      schema: SNAPSHOT_SCHEMA,
      cameraId: this.#cameraId,
      last: this.#last,
      restarts: this.#restarts,
      sampling: this.#sampling.state(),
      tracker: this.#tracker.state(),
      desks: this.#desks.map(({ name, book, rules }) => ({
        name,
        book: book.state(),
        groups: rules.state(book.stays),
      })),
    };
  }

  /** Takes in what the detector saw in one frame (all of it, whatever its label and score). */
  observe(detections: readonly Detection[], at: FrameTime): WatchEvent[] {
    if (!this.#isUsable(at)) return [];
    const objects = detections.filter((detection) => !fillsPicture(detection.box));
    const { lookAt } = this.#sampling;
    const isExpected = (one: Detection) =>
      lookAt !== null && this.#desks.some(({ book }) => book.expects(one, lookAt));
    const { active, removed } = this.#tracker.update(objects, at.capturedAt, isExpected);
    return this.observeTracks(active, removed, at);
  }

  /** The part above the tracker; `at` is later than in any call before. */
  observeTracks(objects: readonly TrackedObject[], removed: readonly string[], at: FrameTime): WatchEvent[] {
    const lastFrameAt = this.#sampling.frameAt ?? at.capturedAt;
    const { lookMs, gapMs } = this.#sampling.look(at.capturedAt);
    const { bridgeMs } = this.#sampling;
    const blindFrom = this.#suspended || gapMs > bridgeMs ? lastFrameAt : null;
    const seen = objects.flatMap((object) => this.#sightingOf(object, at));
    const gone = removed.map((id) => this.#trackId(id));
    this.#last = at;
    this.#objects = seen.length;
    this.#suspended = false;
    return this.#desks.flatMap(({ book, rules }) => {
      const update = book.observe(seen, gone, at, lookMs, bridgeMs, blindFrom);
      return rules.observe(book.stays, update, at);
    });
  }

  /**
   * A frame that was not looked at because nothing in it had moved since the last look: what stood then still
   * stands and its dwell goes on. Of what was moving, and of what comes or goes unnoticed, the next look will say:
   * dwell is wrong by no more than the time until then. Not used before the first look, after `suspend()`, or after a
   * gap in the stream.
   */
  unchanged(at: FrameTime): WatchEvent[] {
    const { lookAt, frameAt, bridgeMs } = this.#sampling;
    const gapMs = at.capturedAt - (frameAt ?? Number.NaN);
    if (this.#suspended || lookAt === null || !(gapMs > 0 && gapMs <= bridgeMs)) return [];
    this.#sampling.pass(at.capturedAt);
    this.#tracker.hold(at.capturedAt);
    this.#last = at;
    return this.#desks.flatMap(({ book, rules }) =>
      rules.observe(book.stays, book.hold(at, lookAt, gapMs, bridgeMs), at),
    );
  }

  /** Nobody looks from the last frame to the next one given to `observe()`: unobserved, however short. */
  suspend(): void {
    this.#suspended = true;
  }

  /**
   * A closer look did not bear the candidate out: it may be suspected again after a minute, and each time after twice
   * as long, up to an hour. The same stay keeps its candidate id. False when nothing is known of it (any more).
   */
  retract(candidateId: string, at: EpochMs): boolean {
    return this.#desks.some(({ book, rules }) => rules.retract(candidateId, book.stays, at));
  }

  /**
   * The view has changed, places are no longer what they were: everything begins anew with the next look. Returns
   * the ends of the candidates there were.
   */
  forgetPlaces(): WatchEvent[] {
    this.#startTracking();
    this.#suspended = true;
    return this.#desks.flatMap(({ book, rules }) => rules.forget(book.clear()));
  }

  /**
   * The stream is over, at `at` if known. Candidates whose object was no longer there at the end have ended; of
   * what still stood nothing is said.
   */
  finish(at: FrameTime | null): WatchEvent[] {
    const now = at?.capturedAt ?? this.#last?.capturedAt ?? 0;
    return this.#desks.flatMap(({ book, rules }) => {
      const gone = book.close(now, this.#sampling.bridgeMs);
      return rules.ended(gone, book.stays);
    });
  }

  /** For the progress view. */
  standing(): WatchState {
    const at = this.#last;
    const standing =
      at === null ? [] : this.#desks.flatMap(({ book, rules }) => rules.standing(book.stays, at));
    return { at, objects: this.#objects, standing };
  }

  #isUsable({ capturedAt }: FrameTime): boolean {
    if (!Number.isFinite(capturedAt)) return false;
    if (this.#last === null || capturedAt > this.#last.capturedAt) return true;
    if (this.#last.capturedAt - capturedAt < REORDER_MS) return false;
    this.#startTracking();
    for (const { book } of this.#desks) book.forgetTime();
    return true;
  }

  #startTracking(): void {
    this.#restarts++;
    this.#tracker = this.#newTracker();
    this.#sampling = new Sampling();
  }

  #newTracker(from?: TrackerState): Tracker {
    return new Tracker({ birthScore: this.#birthScore }, from);
  }

  /** Every tracker counts from 1; a camera's track ids must stay different. */
  #trackId(id: string): string {
    return this.#restarts === 0 ? id : `${this.#restarts}-${id}`;
  }

  #sightingOf(object: TrackedObject, at: FrameTime): TrackSighting[] {
    const { measured: box, score, label } = object;
    if (!object.observed || box === null) return [];
    return [{ trackId: this.#trackId(object.id), label, sighting: { at, box, score } }];
  }
}

/** A box as wide and as high as the picture is the detector's despair, or the view is blocked: no ground to stand on. */
const WHOLE_PICTURE = 0.95;

function fillsPicture(box: Box): boolean {
  return boxWidth(box) >= WHOLE_PICTURE && boxHeight(box) >= WHOLE_PICTURE;
}

/** One book for all that must stand still; one for each zone in which being there is enough. */
function desksOf(camera: Camera, hash: HashText, from: WatchSnapshot | undefined): Desk[] {
  // Also finds the rules whose zone is missing, whatever they look at.
  const known = (rule: Rule) => camera.zones.some((zone) => zone.id === rule.zone);
  const plans: { name: string; policy: StayPolicy; rules: readonly Rule[] }[] = [
    {
      name: "standing",
      policy: standingStill,
      rules: camera.rules.filter((rule) => rule.stationary || !known(rule)),
    },
    ...camera.zones.map((zone) => ({
      name: `zone ${zone.id}`,
      policy: beingIn(zone.polygon),
      rules: camera.rules.filter((rule) => !rule.stationary && rule.zone === zone.id),
    })),
  ];
  return plans.flatMap(({ name, policy, rules }): Desk[] => {
    if (rules.length === 0) return [];
    const state = from?.desks.find((desk) => desk.name === name);
    if (from !== undefined && state === undefined) throw new BadSnapshotError("desks", `has none "${name}"`);
    const desk = {
      name,
      book: new StayBook(policy, state?.book),
      rules: new RuleEngine(camera, rules, hash),
    };
    if (state !== undefined) desk.rules.resume(state.groups, desk.book.stays);
    return [desk];
  });
}
