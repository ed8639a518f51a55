import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { Config } from "../config/env.ts";
import { provisionIdsOf, violationOf } from "../config/legal-basis.ts";
import type { Log } from "../pipeline/domain/ports.ts";
import type { Camera, Candidate, FrameTime } from "../pipeline/domain/types.ts";
import { probe } from "../pipeline/media/probe.ts";
import { openDetector } from "../pipeline/open-detector.ts";
import { replay } from "../pipeline/replay.ts";
import { openSealingDesk, sealCandidate, sealingPaths } from "../pipeline/sealing.ts";
import { findTool } from "../runtime/tools.ts";
import { packageRoot, softwareName, softwareVersion } from "../runtime/version.ts";

const PROBE_TIMEOUT_MS = 20_000;

export interface ReplayClip {
  readonly clip: string;
  readonly camera: Camera;
  /** Sealed bundles go here, with a chain of their own. */
  readonly out: string;
  readonly startedAtMs: number;
  readonly config: Config;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Null: the clip does not say how long it is. */
  onOpen?(durationSec: number | null): void;
  onFrame?(at: FrameTime): void;
}

/** The whole pipeline on a recorded clip, each candidate sealed; no database, no Redis. */
export async function replayClip(options: ReplayClip) {
  const { clip, camera, config, log, signal, startedAtMs } = options;
  const ffmpegPath = findTool("ffmpeg", config);
  const facts = await probe(clip, {
    ffprobePath: findTool("ffprobe", config),
    transport: "tcp",
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  options.onOpen?.(facts.durationSec);
  const threads = config.inferenceThreads ?? availableParallelism();
  const detector = await openDetector({
    modelId: camera.analysis.model,
    modelsDir: config.modelsDir,
    packageRoot,
    executionProviders: config.executionProviders,
    threads,
    log,
  });
  try {
    const bundlesDir = resolve(options.out);
    const desk = await openSealingDesk(
      {
        ...sealingPaths(config.dataDir, config.memoryDir),
        chainDir: join(bundlesDir, ".chain"),
        bundlesDir,
      },
      { ...config, packageRoot, algorithm: config.sealAlgorithm, log },
    );
    const seal = async (candidate: Candidate) => {
      const bundle = await sealCandidate({
        desk,
        candidate,
        camera,
        probe: facts,
        recording: { kind: "file", url: clip },
        ffmpegPath,
        model: { id: detector.modelId, sha256: detector.modelSha256 },
        software: { name: softwareName, version: softwareVersion },
        clock: { source: "clip_start", offsetMs: null, uncertaintyMs: null },
        legalBasisIds: provisionIdsOf(violationOf(candidate.violation)),
        createdAt: Date.now(),
        signal,
        log,
      });
      return bundle.dir;
    };
    try {
      const result = await replay({
        ...{ clip, camera, detector, ffmpegPath, startedAtMs, signal, log, seal },
        probe: facts,
        parallel: threads,
        ...(options.onFrame === undefined ? {} : { onFrame: (at) => options.onFrame?.(at) }),
      });
      return { ...result, durationSec: facts.durationSec };
    } finally {
      await desk.close();
    }
  } finally {
    await detector.close();
  }
}
