/** What the frame reader needs to know from ffmpeg's log at `-loglevel level+verbose`. */
export type LogLine =
  | { readonly kind: "time-base"; readonly num: number; readonly den: number }
  /** `pts` in time-base units; null where the stream gave the frame none. */
  | { readonly kind: "frame"; readonly n: number; readonly pts: number | null }
  | { readonly kind: "decoded"; readonly frames: number }
  /** Nothing people need to read. */
  | { readonly kind: "noise" }
  | { readonly kind: "message"; readonly severe: boolean };

const SHOWINFO = /\bshowinfo@forewarn\b[^\]]*\] (?:\[info\] )?(.*)$/;
const TIME_BASE = /^config in time_base: (\d+)\/(\d+)/;
// The name of the filter instance makes sure that it is ours; `pts_time` is rounded to six digits, `pts` is not.
const FRAME = /^n:\s*(\d+) pts:\s*(-?\d+|NOPTS) /;
const DECODED = /Input stream #0:\d+ \(video\): .*; (\d+) frames decoded/;

/** Reads one line of the log. Pure; never throws. */
export function parseLogLine(line: string): LogLine {
  const own = SHOWINFO.exec(line)?.[1];
  if (own !== undefined) {
    const timeBase = TIME_BASE.exec(own);
    if (timeBase) return { kind: "time-base", num: Number(timeBase[1]), den: Number(timeBase[2]) };
    const frame = FRAME.exec(own);
    if (!frame) return { kind: "noise" };
    return { kind: "frame", n: Number(frame[1]), pts: frame[2] === "NOPTS" ? null : Number(frame[2]) };
  }
  const decoded = DECODED.exec(line);
  if (decoded) return { kind: "decoded", frames: Number(decoded[1]) };
  if (/^(?:\[[^\]]* @ 0x[0-9a-f]+\] )?\[(?:verbose|info)\]/.test(line)) return { kind: "noise" };
  return { kind: "message", severe: /\[(?:error|fatal|panic)\]/.test(line) };
}
