import { rm, writeFile } from "node:fs/promises";
import sharp from "sharp";
import type { Polygon } from "../domain/types.ts";
import { ClipCutError } from "./errors.ts";
import { runFfmpeg } from "./ffmpeg-process.ts";
import type { Probe } from "./probe.ts";

export interface BlackOutOrder {
  readonly ffmpegPath: string;
  /** Lies in memory: it shows what is to be hidden. */
  readonly clipPath: string;
  readonly probe: Pick<Probe, "width" | "height">;
  /** 0–1 coordinates of the picture. */
  readonly polygons: readonly Polygon[];
  /** The container's extension is added. */
  readonly outPathWithoutExt: string;
  readonly signal: AbortSignal;
}

/** A little larger than drawn, so that no pixel of the edge shows through. */
const EDGE_PX = 4;
/** Visually as good as what came: the clip is evidence. */
const QUALITY = ["-preset", "veryfast", "-crf", "18"] as const;
const TIMEOUT_MS = 300_000;

/**
 * A clip coded anew with the polygons black in every frame; times and size of the frames stay as they are.
 * @throws ClipCutError
 */
export async function blackOutClip(order: BlackOutOrder): Promise<{ path: string; codec: string }> {
  const path = `${order.outPathWithoutExt}.mp4`;
  const layer = `${order.clipPath}.mask.png`;
  try {
    await writeFile(layer, await maskLayer(order.polygons, order.probe));
    const { width, height } = order.probe;
    // Upright and with square pixels, as the polygons were drawn.
    const filters = [
      `[0:v:0]scale=${width}:${height},setsar=1[picture]`,
      // The layer is there before any frame is: one that came earlier would go through bare.
      "[1:v:0]setpts=PTS-3600/TB[mask]",
      "[picture][mask]overlay=0:0:format=auto[out]",
    ].join(";");
    const exit = await runFfmpeg({
      ffmpegPath: order.ffmpegPath,
      args: [
        ...[
          "-nostdin",
          "-hide_banner",
          "-nostats",
          "-loglevel",
          "level+warning",
          "-copyts",
          "-start_at_zero",
        ],
        ...["-protocol_whitelist", "file", "-i", `file:${order.clipPath}`],
        ...["-protocol_whitelist", "file", "-i", `file:${layer}`],
        ...["-filter_complex", filters, "-map", "[out]", "-an", "-sn", "-dn"],
        ...["-fps_mode", "passthrough", "-c:v", "libx264", ...QUALITY, "-pix_fmt", "yuv420p"],
        ...["-movflags", "+faststart", "-fflags", "+bitexact", "-flags", "+bitexact", "-map_metadata", "-1"],
        ...["-y", `file:${path}`],
      ],
      signal: AbortSignal.any([order.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    order.signal.throwIfAborted();
    if (exit.reason !== "closed")
      throw new ClipCutError(
        `${path} could not be masked (${exit.reason}, exit code ${exit.exitCode}): ${exit.stderrTail.slice(-2).join(" / ")}`,
      );
    return { path, codec: "h264" };
  } catch (fault) {
    await rm(path, { force: true });
    throw fault;
  } finally {
    await rm(layer, { force: true });
  }
}

/** Black where the polygons are, transparent elsewhere. */
function maskLayer(polygons: readonly Polygon[], { width, height }: Pick<Probe, "width" | "height">) {
  const shapes = polygons.map((polygon) => {
    const points = polygon.map(([x, y]) => `${(x * width).toFixed(1)},${(y * height).toFixed(1)}`);
    return `<polygon points="${points.join(" ")}"/>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<g fill="#000" stroke="#000" stroke-width="${EDGE_PX}" shape-rendering="crispEdges">${shapes.join("")}</g></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
