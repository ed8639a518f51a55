import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "../../runtime/version.ts";

/** The same clip and weights in the way people usually put them together. */
export const peers = {
  "naive-node": { script: "naive-node.mts", what: "fluent-ffmpeg → MJPEG → sharp → ONNX Runtime" },
  opencv: { script: "opencv.py", what: "OpenCV for Python: VideoCapture and dnn" },
} as const;
export type PeerName = keyof typeof peers;
export const peerNames = Object.keys(peers) as PeerName[];

const lineSchema = z.object({
  frames: z.number().int().positive(),
  cpuMs: z.number().positive(),
  wallMs: z.number().positive(),
});
export type PeerCost = z.infer<typeof lineSchema>;
export type PeerAnswer = PeerCost | { readonly skipped: string };

const TIMEOUT_MS = 300_000;

export interface PeerRequest {
  readonly clip: string;
  /** The ONNX file. */
  readonly model: string;
  readonly fps: number;
  readonly seconds: number;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a peer once; says why when it cannot be run. */
export async function runPeer(name: PeerName, request: PeerRequest): Promise<PeerAnswer> {
  const script = join(packageRoot, "scripts", "bench", "peers", peers[name].script);
  if (!existsSync(script)) return { skipped: "only in a checkout: the script is not here" };
  const [command, ...before] = script.endsWith(".py")
    ? ["/usr/bin/python3", script]
    : [process.execPath, "--import", createRequire(import.meta.url).resolve("tsx"), script];
  const { clip, model, fps, seconds } = request;
  const args = ["--clip", clip, "--model", model, "--fps", String(fps), "--seconds", String(seconds)];
  return new Promise((resolve) => {
    execFile(
      command ?? "",
      [...before, ...args],
      { timeout: TIMEOUT_MS, env: request.env, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve(error === null ? readAnswer(stdout) : { skipped: reasonOf(error, stderr) }),
    );
  });
}

/** The last line a peer prints. */
export function readAnswer(stdout: string): PeerAnswer {
  const last = stdout.trim().split("\n").at(-1) ?? "";
  try {
    return lineSchema.parse(JSON.parse(last));
  } catch {
    return { skipped: `it printed no result but ${JSON.stringify(last.slice(0, 120))}` };
  }
}

function reasonOf(error: Error, stderr: string): string {
  return (stderr.trim().split("\n").at(-1) || error.message).slice(0, 200);
}
