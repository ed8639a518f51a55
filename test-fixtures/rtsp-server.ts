import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { z } from "zod";
import { childEnv } from "../config/env.ts";
import { packageRoot } from "../runtime/version.ts";
import { testCameraPrograms } from "../scripts/lib/test-camera.mjs";

/** Why no RTSP server can be started here; undefined when one can. For `describe.skipIf` and its title. */
export { whyNoTestCamera as whyNoRtspServer } from "../scripts/lib/test-camera.mjs";

const listening = z.object({ port: z.int() });

export interface RtspServerOptions {
  /** Matroska, begins with a key frame. Played over and over; its whole content is kept in memory. */
  readonly file: string;
  readonly codec: "h264" | "h265";
  readonly auth?: {
    readonly user: string;
    readonly password: string;
    /** Default: digest, as cameras do. */
    readonly scheme?: "basic" | "digest";
  };
  /** RTSPS with a certificate that nobody signed. */
  readonly tls?: boolean;
  /** Default: both. */
  readonly transports?: readonly ("tcp" | "udp")[];
}

/** A real RTSP server that plays one file, as a camera would. */
export interface RtspServer {
  readonly port: number;
  /** Without credentials. */
  readonly url: string;
  /** The same without `auth`. */
  readonly urlWithCredentials: string;
  readonly pid: number;
  /** Stands still with its connections open, as cameras do when they hang. */
  freeze(): void;
  thaw(): void;
  /** Ends it at once, frozen or not. */
  close(): Promise<void>;
}

/**
 * Starts a camera of its own process. Each viewer gets a stream whose time goes on for ever, from the key
 * frame of the picture that is due since the start: whoever connects again finds the time gone on.
 */
export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const { file, codec, auth, tls = false, transports = ["tcp", "udp"] } = options;
  const { python, env } = testCameraPrograms();
  const certificate = tls ? await selfSigned() : undefined;
  const child = spawn(python, [join(packageRoot, "test-fixtures", "rtsp-server.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: childEnv(env),
  });
  const ended = once(child, "close");
  const settings = { file, codec, transports, auth: auth && { scheme: "digest", ...auth }, certificate };
  // stdin stays open: the server ends with it, so also when these tests are killed.
  child.stdin.write(`${JSON.stringify(settings)}\n`);
  const line = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  if (certificate !== undefined) await rm(certificate);
  if (typeof line[0] !== "string" || child.pid === undefined)
    throw new Error(`the RTSP server for ${file} ended before it listened; its complaint is above`);
  const { port } = listening.parse(JSON.parse(line[0]));
  const url = new URL(`${tls ? "rtsps" : "rtsp"}://127.0.0.1:${port}/camera`);
  const signedIn = new URL(url);
  if (auth !== undefined) {
    signedIn.username = encodeURIComponent(auth.user);
    signedIn.password = encodeURIComponent(auth.password);
  }
  return {
    port,
    url: url.href,
    urlWithCredentials: signedIn.href,
    pid: child.pid,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Key and certificate in one PEM file, good for a day. */
async function selfSigned(): Promise<string> {
  const { openssl, env } = testCameraPrograms();
  const folder = await mkdtemp(join(tmpdir(), "forewarn-camera-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"];
  try {
    await promisify(execFile)(openssl, [...args, "-keyout", key, "-out", certificate], {
      env: childEnv(env),
    });
    const both = `${folder}.pem`;
    await writeFile(both, (await readFile(key, "utf8")) + (await readFile(certificate, "utf8")), {
      mode: 0o600,
    });
    return both;
  } finally {
    await rm(folder, { recursive: true });
  }
}
