import { mkdir, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { provisionIdsOf, violationOf } from "../../config/legal-basis.ts";
import type { Candidate } from "../../pipeline/domain/types.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { Recording } from "../../pipeline/media/recording.ts";
import { sealCandidate } from "../../pipeline/sealing.ts";
import { softwareName, softwareVersion } from "../../runtime/version.ts";
import { gapsOf } from "../../store/camera-health-read-model.ts";
import { StaleFenceError } from "../../store/errors.ts";
import { type CandidateOutcome, isDecided, recordOutcome, renewLease } from "../../store/lease-store.ts";
import type { WorkerContext } from "../context.ts";
import type { HeldCamera } from "./held-camera.ts";

/** What a candidate is sealed from. */
export interface SealingSource {
  readonly recording: Recording;
  readonly probe: Probe;
  readonly model: { readonly id: string; readonly sha256: string };
}

/** From a candidate to a bundle on its way to the store; nothing leaves here once somebody else has the camera. */
export class Sealer {
  readonly #context: WorkerContext;
  readonly #held: HeldCamera;
  readonly #ffmpegPath: string;

  constructor(context: WorkerContext, held: HeldCamera, ffmpegPath: string) {
    this.#context = context;
    this.#held = held;
    this.#ffmpegPath = ffmpegPath;
  }

  /**
   * Seals a candidate, says so in the database and sends it on. One that was dealt with already (the worker before
   * us was killed after that, and we began from what it knew before) is left alone.
   * @throws StaleFenceError when somebody else has taken the camera
   */
  async seal(candidate: Candidate, source: SealingSource): Promise<void> {
    const { clock, desk, log, pool, producer, signal } = this.#context;
    const { camera, lease } = this.#held;
    const { candidateId } = candidate;
    if (await isDecided(pool, candidateId)) {
      log.info({ candidateId }, "candidate was sealed before");
      return;
    }
    await renewLease(pool, lease);
    const bundle = await sealCandidate({
      desk,
      candidate,
      camera,
      probe: source.probe,
      recording: source.recording,
      ffmpegPath: this.#ffmpegPath,
      model: source.model,
      software: { name: softwareName, version: softwareVersion },
      clockSource: "system",
      findGaps: () =>
        gapsOf(pool, camera.id, candidate.startedAt.capturedAt, candidate.triggeredAt.capturedAt),
      legalBasisIds: provisionIdsOf(violationOf(candidate.violation)),
      createdAt: clock.now(),
      signal,
      log,
    });
    try {
      await this.#record(candidate, "sealed");
    } catch (fault) {
      if (fault instanceof StaleFenceError) await this.#setAside(bundle.dir);
      throw fault;
    }
    log.info({ candidateId }, "candidate sealed");
    // Redis may be away: the bundle is in the spool, and the spool is queued again every half minute.
    await producer.storeEvidence(candidateId);
  }

  /** A second look at full rate did not bear it out. */
  async discard(candidate: Candidate): Promise<void> {
    await this.#record(candidate, "unconfirmed");
    this.#context.log.info({ candidateId: candidate.candidateId }, "candidate not confirmed at full rate");
  }

  async #record(candidate: Candidate, outcome: CandidateOutcome["outcome"]): Promise<void> {
    const { candidateId, ruleId, violation, triggeredAt } = candidate;
    await recordOutcome(
      this.#context.pool,
      this.#held.lease,
      { candidateId, ruleId, violation, triggeredAt: triggeredAt.capturedAt, outcome },
      this.#context.clock.now(),
    );
  }

  /** Whoever has the camera now seals what is to be seen; ours is kept for people, and never becomes an incident. */
  async #setAside(bundleDir: string): Promise<void> {
    const to = join(
      this.#context.config.dataDir,
      "refused",
      this.#held.camera.id,
      String(this.#held.lease.fence),
    );
    await mkdir(to, { recursive: true });
    const target = join(to, basename(bundleDir));
    await rename(bundleDir, target);
    this.#context.log.warn({ target }, "a bundle sealed after the camera was lost is set aside");
  }
}
