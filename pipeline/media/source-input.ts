import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CameraSource } from "../domain/types.ts";
import { SourceNotAllowedError } from "./errors.ts";
import { redactUrl, secretsOf } from "./redact-url.ts";

export type SourceKind = "file" | "rtsp" | "http" | "rtmp";

/** Where a picture source is and by which road. */
export interface SourceInput {
  readonly kind: SourceKind;
  /**
   * What stands behind `-i`. Never begins with "-", never names a protocol of ffmpeg's own choosing, never holds
   * anything secret: every user of the machine may read a program's arguments.
   */
  readonly inputUrl: string;
  /** What the program reads from its standard input: the address, where it may hold something secret. */
  readonly stdin?: string;
  /** The pieces of the address that are secret, as they may turn up in what the program says. */
  readonly secrets: readonly string[];
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
 * @throws SourceNotAllowedError for any scheme but file, rtsp(s), http(s), rtmp(s)
 */
export function sourceInput(source: Pick<CameraSource, "url" | "transport">): SourceInput {
  const { url } = source;
  if (/[\r\n\0]/.test(url))
    throw new SourceNotAllowedError("An address of several lines is not opened: write it in one.");
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
        ...addressed(url, scheme === "rtsps" ? "rtsp,rtp,tcp,tls" : "rtsp,rtp,udp,tcp", {
          rtsp_transport: source.transport,
          timeout: SOCKET_TIMEOUT_US,
        }),
      };
    case "http":
    case "https":
      // Plain transport streams, FLV and HLS playlists alike.
      return {
        kind: "http",
        ...addressed(url, "http,https,httpproxy,tcp,tls,crypto", { rw_timeout: SOCKET_TIMEOUT_US }),
      };
    case "rtmp":
    case "rtmps":
      return {
        kind: "rtmp",
        ...addressed(url, scheme === "rtmps" ? "rtmps,rtmp,tls,tcp" : "rtmp,tcp", {
          rw_timeout: SOCKET_TIMEOUT_US,
        }),
      };
    default:
      throw new SourceNotAllowedError(
        `${redactUrl(url)}: "${scheme}" sources are not opened. Use a file, rtsp://, rtsps://, http://, https://, rtmp:// or rtmps://.`,
        { details: { scheme } },
      );
  }
}

/**
 * Does it come at its own pace for ever? Over HTTP only what states no length is live: a recording on a web
 * server is read as a file is.
 */
export function isLiveSource(kind: SourceKind, durationSec: number | null): boolean {
  return kind === "rtsp" || kind === "rtmp" || (kind === "http" && durationSec === null);
}

/**
 * A network address as ffmpeg input. One that holds a user, a password or a query goes in as a playlist of one
 * entry through standard input, so that it is in nobody's list of processes.
 * @param protocols whitelist of the address's own kind
 * @param options of the demuxer that opens it
 */
function addressed(
  url: string,
  protocols: string,
  options: Readonly<Record<string, string>>,
): Pick<SourceInput, "inputUrl" | "stdin" | "secrets" | "options"> {
  const secrets = secretsOf(url);
  if (!/[@?]/.test(url)) {
    const pairs = Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]);
    return { inputUrl: url, secrets, options: ["-protocol_whitelist", protocols, ...pairs] };
  }
  const lines = Object.entries(options).map(([name, value]) => `option ${name} ${value}`);
  return {
    inputUrl: "pipe:0",
    stdin: ["ffconcat version 1.0", `file ${quoted(url)}`, ...lines, ""].join("\n"),
    secrets,
    options: ["-protocol_whitelist", `pipe,${protocols}`, "-f", "concat", "-safe", "0"],
  };
}

/** For ffmpeg's own quoting: inside quotes nothing is special but the quote. */
function quoted(url: string): string {
  return `'${url.replaceAll("'", "'\\''")}'`;
}

function fileInput(path: string): SourceInput {
  const absolute = resolve(path);
  // With "file:" in front neither "-x" nor "concat:x" nor "pipe:0" means anything but a name.
  return {
    kind: "file",
    path: absolute,
    inputUrl: `file:${absolute}`,
    secrets: [],
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
