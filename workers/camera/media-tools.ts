import type { Config } from "../../config/env.ts";
import { findTool } from "../../runtime/tools.ts";

export const PROBE_TIMEOUT_MS = 20_000;

export interface Tools {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

/** @throws MissingToolError */
export function findTools(config: Config): Tools {
  return { ffmpegPath: findTool("ffmpeg", config), ffprobePath: findTool("ffprobe", config) };
}
