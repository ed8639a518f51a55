import { placePicture } from "../domain/place-picture.ts";
import type { FrameFormat } from "../domain/ports.ts";
import type { Probe } from "./probe.ts";
import type { SourceInput } from "./source-input.ts";

export interface FrameReaderArgs {
  readonly input: SourceInput;
  readonly probe: Pick<Probe, "width" | "height" | "colourMatrix">;
  readonly format: FrameFormat;
  /** Frames a second wanted, of those the stream has. */
  readonly fps: number;
  readonly keyframesOnly: boolean;
  readonly deblock: boolean;
  /** Read no faster than the stream's own clock. */
  readonly realTime: boolean;
  readonly loop: boolean;
  /** A second output of the same process; see `SegmentRing`. */
  readonly ringArgs: readonly string[];
}

/** Arguments of the process that writes raw frames to stdout and their time stamps to stderr. Pure. */
export function frameReaderArgs(wanted: FrameReaderArgs): string[] {
  return [
    // "verbose" for one line: how many frames were decoded.
    ...["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+verbose"],
    ...["-threads", "1"],
    ...(wanted.keyframesOnly ? ["-skip_frame", "nokey"] : []),
    ...(wanted.keyframesOnly || wanted.deblock ? [] : ["-skip_loop_filter", "all"]),
    ...(wanted.realTime ? ["-re"] : []),
    ...(wanted.loop ? ["-stream_loop", "-1"] : []),
    ...wanted.input.options,
    ...["-i", wanted.input.inputUrl],
    ...["-map", "0:v:0", "-an", "-sn", "-dn", "-filter_threads", "1"],
    ...["-vf", filterChain(wanted), "-fps_mode", "passthrough"],
    ...["-pix_fmt", wanted.format.pixelFormat, "-f", "rawvideo", "pipe:1"],
    ...wanted.ringArgs,
  ];
}

function filterChain({ probe, format, fps }: FrameReaderArgs): string {
  const place = placePicture(format, probe.width, probe.height);
  const shrinks = place.width < probe.width || place.height < probe.height;
  const filters = [
    `select=${samplingExpression(fps)}`,
    // area averages what it shrinks, so thin things do not flicker; it is no good for enlarging.
    `scale=${place.width}:${place.height}:flags=${shrinks ? "area" : "bicubic"}+accurate_rnd${colourOption(probe)}${rangeOption(format)}`,
    // Before the padding: 4:2:0 would move it to even pixels where the format does not.
    `format=${format.pixelFormat}`,
  ];
  if (place.width !== format.width || place.height !== format.height) {
    const grey = format.padByte.toString(16).padStart(2, "0").repeat(3);
    filters.push(`pad=${format.width}:${format.height}:${place.left}:${place.top}:0x${grey}`);
  }
  filters.push("showinfo@forewarn=checksum=0");
  return filters.join(",");
}

/** Planar frames are of limited range, whatever the camera gives: what reads them need not ask. */
function rangeOption({ pixelFormat }: FrameFormat): string {
  return pixelFormat === "yuv420p" ? ":out_range=limited" : "";
}

/** Matrix of planar frames: the stream's own, which scaling leaves as it is. */
export function matrixOf(probe: Pick<Probe, "width" | "height" | "colourMatrix">): "bt601" | "bt709" {
  if (probe.colourMatrix === "bt709") return "bt709";
  return colourOption(probe) === "" ? "bt601" : "bt709";
}

/**
 * Keeps the first frame in each cell of a grid of 1/fps seconds, with its own time stamp: the `fps` filter
 * would move frames to the grid. Commas are escaped for the filter graph.
 */
export function samplingExpression(fps: number): string {
  const cell = (time: string) => `floor(${time}*${fps}+1e-6)`;
  return `isnan(prev_selected_t)+gt(${cell("t")}\\,${cell("prev_selected_t")})`;
}

/** What the stream says about its matrix is used by ffmpeg itself; where it says nothing, HD means BT.709. */
export function colourOption(probe: Pick<Probe, "width" | "height" | "colourMatrix">): string {
  const unsaidHd = probe.colourMatrix === null && (probe.width >= 1280 || probe.height > 576);
  return unsaidHd ? ":in_color_matrix=bt709" : "";
}
