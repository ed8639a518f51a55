import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CameraSource } from "../domain/types.ts";
import { SourceNotAllowedError } from "./errors.ts";
import { redactUrl } from "./redact-url.ts";

export type SourceKind = "file" | "rtsp" | "http";

/** Where a picture source is and by which road; credentials still in it. */
export interface SourceInput {
  readonly kind: SourceKind;
  /** What stands behind `-i`. Never begins with "-", never names a protocol of ffmpeg's own choosing. */
  readonly inputUrl: string;
  /** The path on this machine; `file` only. */
  readonly path?: string;
  /** Everything that belongs before `-i`. */
  readonly options: readonly string[];
}

/** Microseconds a socket may be silent. Ends dead connections; a stream that freezes needs the watchdog. */
const SOCKET_TIMEOUT_US = "10000000";

/**
 * Turns the URL of a camera file into what ffmpeg and ffprobe may open, and nothing else: each kind has its
 * own short list of protocols, so a playlist on a server cannot make us read local files.
 * @throws SourceNotAllowedError for any scheme but file, rtsp(s), http(s)
 */
export function sourceInput(source: Pick<CameraSource, "url" | "transport">): SourceInput {
  const { url } = source;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return fileInput(url.startsWith("file:") ? url.slice("file:".length) : url);
    case "file":
      return fileInput(localPath(url));
    case "rtsp":
    case "rtsps":
      return {
        kind: "rtsp",
        inputUrl: url,
        options: [
          ...["-protocol_whitelist", scheme === "rtsps" ? "rtsp,rtp,tcp,tls" : "rtsp,rtp,udp,tcp"],
          ...["-rtsp_transport", source.transport, "-timeout", SOCKET_TIMEOUT_US],
        ],
      };
    case "http":
    case "https":
      return {
        kind: "http",
        inputUrl: url,
        options: [
          ...["-protocol_whitelist", "http,https,httpproxy,tcp,tls,crypto", "-rw_timeout", SOCKET_TIMEOUT_US],
        ],
      };
    default:
      throw new SourceNotAllowedError(
        `${redactUrl(url)}: "${scheme}" sources are not opened. Use a file, rtsp://, rtsps://, http:// or https://.`,
        { details: { scheme } },
      );
  }
}

/**
 * Does it come at its own pace for ever? Over HTTP only what states no length is live: a recording on a web
 * server is read as a file is.
 */
export function isLiveSource(kind: SourceKind, durationSec: number | null): boolean {
  return kind === "rtsp" || (kind === "http" && durationSec === null);
}

function fileInput(path: string): SourceInput {
  const absolute = resolve(path);
  // With "file:" in front neither "-x" nor "concat:x" nor "pipe:0" means anything but a name.
  return {
    kind: "file",
    path: absolute,
    inputUrl: `file:${absolute}`,
    options: ["-protocol_whitelist", "file"],
  };
}

function localPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new SourceNotAllowedError(`${url} names no file on this machine: write file:///folder/clip.mp4.`, {
      cause,
    });
  }
}
