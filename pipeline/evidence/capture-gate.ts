/**
 * What a record must have to be offered as evidence and not only as a lead. Numbers after GA/T 832-2014 (pictures,
 * their distance, size, clock), domain B.3 (three stills, half the dwell apart; ten seconds of clip on either side) and
 * B-04 (clock within one second).
 */
export const CAPTURE_LIMITS = {
  pictures: 3,
  /** Between two pictures of something that stands. */
  standingSpacingSec: 10,
  /** Between two pictures of an event. */
  eventSpacingSec: 2,
  /** Between two pictures, of the dwell the rule asks for. */
  dwellShare: 0.5,
  /** A picture is of the nearest frame: key frames are seconds apart. */
  spacingSlackSec: 2.5,
  widthPx: 1280,
  heightPx: 720,
  clockErrorMs: 1000,
  clipBeforeSec: 10,
  clipAfterSec: 10,
  /** A clip ends with a whole frame or segment. */
  clipSlackSec: 0.5,
} as const;

export const CAPTURE_FAULTS = [
  "pictures_too_few",
  "pictures_too_close",
  "resolution_too_low",
  "clock_not_measured",
  "clock_off",
  "clip_missing",
  "clip_too_short_before",
  "clip_too_short_after",
] as const;
export type CaptureFault = (typeof CAPTURE_FAULTS)[number];

/** What was captured, as far as the gate asks. */
export interface Capture {
  /** Times of the pictures on the stream's time line, in any order. */
  readonly pictureSecs: readonly number[];
  readonly widthPx: number;
  readonly heightPx: number;
  /** Error of the clock against an independent one, with what that comparison may be off; null: nobody compared. */
  readonly clock: { readonly offsetMs: number; readonly uncertaintyMs: number } | null;
  /** Null: no clip was kept. */
  readonly clip: { readonly beforeSec: number; readonly afterSec: number } | null;
  readonly rule: { readonly stationary: boolean; readonly dwellSeconds: number };
}

/** One requirement that is not met: what was wanted, what there is. Units are those of the code's limit. */
export interface CaptureShortfall {
  readonly fault: CaptureFault;
  readonly wanted: number;
  readonly found: number | null;
}

export interface CaptureVerdict {
  /** `lead`: may be looked into, warned about and corrected; is no evidence by itself. */
  readonly grade: "evidence" | "lead";
  readonly shortfalls: readonly CaptureShortfall[];
}

/** Judges a capture. Pure; every shortfall is named, not only the first. */
export function judgeCapture(capture: Capture): CaptureVerdict {
  const shortfalls = [
    ...pictureShortfalls(capture),
    ...sizeShortfalls(capture),
    ...clockShortfalls(capture.clock),
    ...clipShortfalls(capture.clip),
  ];
  return { grade: shortfalls.length === 0 ? "evidence" : "lead", shortfalls };
}

/** Seconds there must be between two pictures. */
export function spacingWanted({ stationary, dwellSeconds }: Capture["rule"]): number {
  const least = stationary ? CAPTURE_LIMITS.standingSpacingSec : CAPTURE_LIMITS.eventSpacingSec;
  return Math.max(least, dwellSeconds * CAPTURE_LIMITS.dwellShare - CAPTURE_LIMITS.spacingSlackSec);
}

function pictureShortfalls({ pictureSecs, rule }: Capture): CaptureShortfall[] {
  const times = [...new Set(pictureSecs)].sort((a, b) => a - b);
  if (times.length < CAPTURE_LIMITS.pictures)
    return [{ fault: "pictures_too_few", wanted: CAPTURE_LIMITS.pictures, found: times.length }];
  const found = Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  const wanted = spacingWanted(rule);
  return found < wanted ? [{ fault: "pictures_too_close", wanted, found }] : [];
}

function sizeShortfalls({ widthPx, heightPx }: Capture): CaptureShortfall[] {
  // A camera may stand on its side.
  const [short, long] = widthPx < heightPx ? [widthPx, heightPx] : [heightPx, widthPx];
  if (long < CAPTURE_LIMITS.widthPx)
    return [{ fault: "resolution_too_low", wanted: CAPTURE_LIMITS.widthPx, found: long }];
  if (short < CAPTURE_LIMITS.heightPx)
    return [{ fault: "resolution_too_low", wanted: CAPTURE_LIMITS.heightPx, found: short }];
  return [];
}

function clockShortfalls(clock: Capture["clock"]): CaptureShortfall[] {
  const wanted = CAPTURE_LIMITS.clockErrorMs;
  if (clock === null) return [{ fault: "clock_not_measured", wanted, found: null }];
  // The worst it can be: an error that may be larger than allowed is not known to be small.
  const found = Math.abs(clock.offsetMs) + clock.uncertaintyMs;
  return found > wanted ? [{ fault: "clock_off", wanted, found }] : [];
}

function clipShortfalls(clip: Capture["clip"]): CaptureShortfall[] {
  const { clipBeforeSec, clipAfterSec, clipSlackSec } = CAPTURE_LIMITS;
  if (clip === null) return [{ fault: "clip_missing", wanted: clipBeforeSec + clipAfterSec, found: null }];
  const shortfalls: CaptureShortfall[] = [];
  if (clip.beforeSec < clipBeforeSec - clipSlackSec)
    shortfalls.push({ fault: "clip_too_short_before", wanted: clipBeforeSec, found: clip.beforeSec });
  if (clip.afterSec < clipAfterSec - clipSlackSec)
    shortfalls.push({ fault: "clip_too_short_after", wanted: clipAfterSec, found: clip.afterSec });
  return shortfalls;
}
