/** What a tracker can be told. Times are wall-clock seconds, sizes are relative to the object's own box. */
export interface TrackerOptions {
  /** Scores from here on take part in the first association. */
  readonly highScore: number;
  /** Scores below are ignored altogether; between `lowScore` and `highScore` they only prolong known tracks. */
  readonly lowScore: number;
  /** A new track starts only with a score from here on. */
  readonly birthScore: number;
  /** Sightings before a track is confirmed. */
  readonly confirmHits: number;
  /** How long a moving track is remembered while it cannot be seen. Never less than three looks. */
  readonly movingMemorySec: number;
  /** How long a track that has stood still is remembered at its place while it cannot be seen. */
  readonly standingMemorySec: number;
  /** An object that kept its place for this long, and for three sightings, is standing. */
  readonly standAfterSec: number;
}

export const DEFAULT_TRACKER_OPTIONS: TrackerOptions = {
  highScore: 0.4,
  lowScore: 0.1,
  birthScore: 0.4,
  confirmHits: 2,
  movingMemorySec: 2.5,
  standingMemorySec: 180,
  standAfterSec: 3,
};
