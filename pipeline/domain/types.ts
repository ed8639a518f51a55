/** The words of the pipeline. Units are in the names; boxes and polygons are 0–1 in the source picture. */

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** `[x1, y1, x2, y2]`, normalised 0–1 in the source picture, x to the right, y down. */
export type Box = readonly [number, number, number, number];
/** `[x, y]`, normalised 0–1. */
export type Point = readonly [number, number];
export type Polygon = readonly Point[];

/** What a model saw in one frame. A suspicion about an object, nothing about anybody's conduct. */
export interface Detection {
  readonly box: Box;
  readonly label: string;
  /** 0–1 */
  readonly score: number;
}

/** When a frame was taken, by the stream's own timestamps. */
export interface FrameTime {
  /** Wall clock of capture, derived from the stream's PTS; never the time we got round to reading it. */
  readonly capturedAt: EpochMs;
  /** Seconds from the start of the stream or clip. */
  readonly ptsSec: number;
}

export interface Zone {
  readonly id: string;
  readonly name?: string;
  readonly polygon: Polygon;
}

/** One weekly window of a schedule, minutes after local midnight (Asia/Shanghai); `to` ≤ `from` runs past midnight. */
export interface ScheduleWindow {
  /** 1 Monday … 7 Sunday */
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** One rule of one camera, every default already filled in from the violation catalogue. */
export interface Rule {
  readonly id: string;
  /** Key of the violation catalogue. */
  readonly violation: string;
  readonly zone: string;
  readonly labels: readonly string[];
  readonly minScore: number;
  readonly dwellSeconds: number;
  readonly stationary: boolean;
  readonly minCount: number;
  readonly graceSeconds: number;
  /** Empty: always. */
  readonly schedule: readonly ScheduleWindow[];
  /** Local dates (Asia/Shanghai), `YYYY-MM-DD`; the end is exclusive. */
  readonly effectiveFrom?: string;
  readonly effectiveTo?: string;
}

export interface Camera {
  readonly id: string;
  readonly name: string;
  /** GB/T 2260, six digits. */
  readonly region: string;
  readonly location: { readonly lat: number; readonly lon: number; readonly place: string };
  readonly source?: CameraSource;
  readonly analysis: { readonly model: string; readonly fps: number; readonly watch: "full" | "keyframes" };
  readonly privacyMasks: readonly Polygon[];
  readonly zones: readonly Zone[];
  readonly rules: readonly Rule[];
}

export interface CameraSource {
  /** May hold credentials: log it only through `redactUrl()`. */
  readonly url: string;
  /** The camera's smaller stream: what is analysed, where there is one; evidence comes from `url`. */
  readonly subUrl?: string;
  readonly transport: "tcp" | "udp";
  /** File sources only: `live` plays at the clip's own speed, `fast` as fast as the machine goes. */
  readonly pace: "live" | "fast";
  /** File sources only: start again at the end, as a camera that never stops. */
  readonly loop: boolean;
}

/** One span of the dwell ledger. `unobserved`: nobody can say what stood there (occlusion, outage). */
export interface DwellSpan {
  readonly kind: "observed" | "unobserved";
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** One sighting kept for the evidence: where it stood, when, how sure the model was. */
export interface Sighting {
  readonly at: FrameTime;
  readonly box: Box;
  readonly score: number;
}

/** Machine suspicion that a rule is broken. Never a violation: that word needs a person. */
export interface Candidate {
  /** Same clip, camera file and model give the same id. */
  readonly candidateId: string;
  readonly cameraId: string;
  readonly ruleId: string;
  readonly zoneId: string;
  readonly violation: string;
  /** Every track the objects had, in order of appearance. More than one when lost and found again, or with minCount > 1. */
  readonly trackIds: readonly string[];
  readonly label: string;
  /** Highest score seen. */
  readonly score: number;
  readonly startedAt: FrameTime;
  readonly triggeredAt: FrameTime;
  /** Null while it still stands. */
  readonly endedAt: FrameTime | null;
  /** Observed dwell at the trigger. */
  readonly dwellMs: number;
  /** Time inside the same stay in which it could not be seen; not part of `dwellMs`. */
  readonly unobservedMs: number;
  /** Box at the trigger. */
  readonly box: Box;
  readonly ledger: readonly DwellSpan[];
  /** First seen, middle, trigger: the sightings the stills are cut from. */
  readonly keySightings: { readonly first: Sighting; readonly middle: Sighting; readonly trigger: Sighting };
  /** Versions in force at the trigger: short hashes of the zone's and the rule's content. */
  readonly zoneVersion: string;
  readonly ruleVersion: string;
}

/** What `CameraWatch.observe()` reports. */
export type WatchEvent =
  | { readonly type: "triggered"; readonly candidate: Candidate }
  | { readonly type: "ended"; readonly candidateId: string; readonly endedAt: FrameTime };
