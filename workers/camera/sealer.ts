import { access, mkdir, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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

/** Postgres that takes longer counts as away. */
const PATIENCE_MS = 10_000;

/** Of a recording nobody can tell whose clock it went by. */
const unknownOffset = { offsetMs: null, uncertaintyMs: null } as const;

/** What a candidate is sealed from. */
export interface SealingSource {
  readonly recording: Recording;
  readonly probe: Probe;
  readonly model: { readonly id: string; readonly sha256: string };
  /** Nothing more is recorded once it aborts: the bundle then holds what there is. */
  readonly signal: AbortSignal;
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
   * us was killed after that, and we began from what it knew before) is left alone. The spool decides, not Postgres
   * or Redis: while those are away bundles are sealed all the same, and sent on when they are back.
   *
   * @throws StaleFenceError when somebody else has taken the camera
   */
  async seal(candidate: Candidate, source: SealingSource): Promise<void> {
    const { log } = this.#context;
    const { candidateId } = candidate;
    // First the spool, then the record: a bundle leaves the spool only when its incident is on record.
    const spooled = await this.#findSpooled(candidateId);
    if (spooled === undefined && (await this.#isDecided(candidateId))) {
      log.info({ candidateId }, "candidate was sealed before");
      return;
    }
    await this.#renewLease();
    await this.#send(candidate, spooled ?? (await this.#write(candidate, source)));
  }

  /** What is there under its final name is whole. */
  async #findSpooled(candidateId: string): Promise<string | undefined> {
    const dir = join(this.#context.spoolDir, candidateId);
    return access(dir).then(
      () => dir,
      () => undefined,
    );
  }

  async #isDecided(candidateId: string): Promise<boolean> {
    return (await this.#ask(isDecided(this.#context.pool, candidateId))) ?? false;
  }

  async #renewLease(): Promise<void> {
    await this.#ask(renewLease(this.#context.pool, this.#held.lease));
  }

  /** Undefined while Postgres is away: nobody else can take the camera then, and what it shows is gone in a minute. */
  #ask<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
    const answered = asked.catch((err: unknown) => {
      if (err instanceof StaleFenceError) throw err;
      this.#context.log.warn({ err }, "the database does not answer; sealing goes on without it");
      return undefined;
    });
    return Promise.race([answered, sleep(PATIENCE_MS, undefined, { ref: false })]);
  }

  /** @returns where the bundle is */
  async #write(candidate: Candidate, source: SealingSource): Promise<string> {
    const { clock, desk, log, measuredClock, pool } = this.#context;
    const { camera } = this.#held;
    const { startedAt, triggeredAt } = candidate;
    const bundle = await sealCandidate({
      desk,
      candidate,
      camera,
      probe: source.probe,
      recording: source.recording,
      ffmpegPath: this.#ffmpegPath,
      model: source.model,
      software: { name: softwareName, version: softwareVersion },
      clock:
        source.recording.kind === "file"
          ? { source: "clip_start", ...unknownOffset }
          : { source: "system", ...(measuredClock.offset() ?? unknownOffset) },
      // Without an account of them the manifest claims none.
      findGaps: () => this.#ask(gapsOf(pool, camera.id, startedAt.capturedAt, triggeredAt.capturedAt)),
      legalBasisIds: provisionIdsOf(violationOf(candidate.violation)),
      createdAt: clock.now(),
      signal: source.signal,
      log,
    });
    return bundle.dir;
  }

  async #send(candidate: Candidate, dir: string): Promise<void> {
    const { log, producer } = this.#context;
    const { candidateId } = candidate;
    try {
      await this.#ask(this.#record(candidate, "sealed"));
    } catch (fault) {
      if (fault instanceof StaleFenceError) await this.#setAside(dir);
      throw fault;
    }
    log.info({ candidateId }, "candidate sealed");
    // Not waited for, Redis may be away for hours: what is in the spool is queued again every half minute.
    producer
      .storeEvidence(candidateId)
      .catch((err: unknown) => log.warn({ err, candidateId }, "a sealed bundle waits in the spool"));
  }

  /** A second look at full rate did not bear it out. Never rejects. */
  async discard(candidate: Candidate): Promise<void> {
    const { log } = this.#context;
    const { candidateId } = candidate;
    try {
      await this.#record(candidate, "unconfirmed");
      log.info({ candidateId }, "candidate not confirmed at full rate");
    } catch (err) {
      log.warn(
        { err, candidateId },
        "candidate not confirmed at full rate, and that could not be put on record",
      );
    }
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
