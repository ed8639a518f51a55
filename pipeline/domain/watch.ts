import { boxHeight, boxWidth } from "./box.ts";
import { RuleEngine, type StandingObject } from "./rule-engine.ts";
import { Sampling } from "./sampling.ts";
import type { TrackSighting } from "./stay.ts";
import { beingIn, StayBook, standingStill } from "./stay-book.ts";
import { type TrackedObject, Tracker } from "./tracking/tracker.ts";
import type { Box, Camera, Detection, FrameTime, Rule, WatchEvent } from "./types.ts";
import type { HashText } from "./versions.ts";

/** Frames out of order by less than this are dropped; further back the stream itself has jumped. */
const REORDER_MS = 2_000;
/** A tracker that starts tracks later than any rule believes would hide objects from the rules. */
const SUREST_BIRTH_SCORE = 0.4;

export interface WatchDeps {
  /** sha256 of a UTF-8 text, in hex. */
  readonly hash: HashText;
}

/** What the camera's rules look at right now. */
export interface WatchState {
  readonly at: FrameTime | null;
  /** Objects seen in the last frame, whatever they are. */
  readonly objects: number;
  readonly standing: readonly StandingObject[];
}

interface Desk {
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
 */
export class CameraWatch {
  readonly #birthScore: number;
  readonly #desks: readonly Desk[];
  #tracker: Tracker;
  #sampling = new Sampling();
  #last: FrameTime | null = null;
  #objects = 0;
  #restarts = 0;

  /** Throws `InvalidInputError` when a rule names a zone the camera does not have. */
  constructor(camera: Camera, deps: WatchDeps) {
    this.#birthScore = Math.min(SUREST_BIRTH_SCORE, ...camera.rules.map((rule) => rule.minScore));
    this.#tracker = this.#newTracker();
    this.#desks = desksOf(camera, deps.hash);
  }

  /** Takes in what the detector saw in one frame (all of it, whatever its label and score). */
  observe(detections: readonly Detection[], at: FrameTime): WatchEvent[] {
    if (!this.#isUsable(at)) return [];
    const objects = detections.filter((detection) => !fillsPicture(detection.box));
    const { active, removed } = this.#tracker.update(objects, at.capturedAt);
    return this.observeTracks(active, removed, at);
  }

  /** The part above the tracker; `at` is later than in any call before. */
  observeTracks(objects: readonly TrackedObject[], removed: readonly string[], at: FrameTime): WatchEvent[] {
    const lookMs = this.#sampling.step(at.capturedAt);
    const seen = objects.flatMap((object) => this.#sightingOf(object, at));
    const gone = removed.map((id) => this.#trackId(id));
    this.#last = at;
    this.#objects = seen.length;
    return this.#desks.flatMap(({ book, rules }) => {
      const update = book.observe(seen, gone, at, lookMs, this.#sampling.bridgeMs);
      return rules.observe(book.stays, update, at);
    });
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
    this.#restart();
    return true;
  }

  #restart(): void {
    this.#restarts++;
    this.#tracker = this.#newTracker();
    this.#sampling = new Sampling();
    for (const { book } of this.#desks) book.forgetTime();
  }

  #newTracker(): Tracker {
    return new Tracker({ birthScore: this.#birthScore });
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
function desksOf(camera: Camera, hash: HashText): Desk[] {
  const desk = (book: StayBook, rules: readonly Rule[]): Desk[] =>
    rules.length === 0 ? [] : [{ book, rules: new RuleEngine(camera, rules, hash) }];
  // Also finds the rules whose zone is missing, whatever they look at.
  const known = (rule: Rule) => camera.zones.some((zone) => zone.id === rule.zone);
  return [
    ...desk(
      new StayBook(standingStill),
      camera.rules.filter((rule) => rule.stationary || !known(rule)),
    ),
    ...camera.zones.flatMap((zone) =>
      desk(
        new StayBook(beingIn(zone.polygon)),
        camera.rules.filter((rule) => !rule.stationary && rule.zone === zone.id),
      ),
    ),
  ];
}
