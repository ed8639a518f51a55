import type { CameraSession } from "../../pipeline/camera-session.ts";
import type { HealthKind } from "../../pipeline/domain/health/kinds.ts";
import type { EpochMs, FrameTime } from "../../pipeline/domain/types.ts";
import type { CaptureState } from "../../pipeline/media/capture-supervisor.ts";
import type { FrameCounts } from "../../pipeline/media/frame-delivery.ts";
import type { SegmentRing } from "../../pipeline/media/segment-ring.ts";
import type { ClockFacts } from "../../pipeline/media/stream-clock.ts";
import { newId } from "../../runtime/ids.ts";
import { recordHealth } from "../../store/camera-health-store.ts";
import { type CameraStatus, writeCameraStatus } from "../../store/camera-status-read-model.ts";
import { findAcceptedView } from "../../store/camera-task-store.ts";
import { StaleFenceError } from "../../store/errors.ts";
import { alarmChannels } from "../channels/channels.ts";
import type { WorkerContext } from "../context.ts";
import type { HeldCamera } from "./held-camera.ts";

/** How a camera fares at this moment. */
export interface CameraFacts {
  /** Undefined while it is being opened for the first time: nobody can say yet. */
  readonly kind: HealthKind | undefined;
  readonly capture: CaptureState | undefined;
  readonly counts: FrameCounts;
  readonly session: CameraSession | undefined;
  readonly clock: ClockFacts | undefined;
  readonly ring: SegmentRing | undefined;
}

/** Tells Postgres, the alarm queue and the metrics how one camera fares. */
export class CameraReport {
  readonly #context: WorkerContext;
  readonly #held: HeldCamera;
  /** What was told last, to tell what came on top. */
  #told = { analysed: 0, decoded: 0, dropped: 0, restarts: 0, stalls: 0, ringLosses: 0, at: 0 };
  #lastFrameAt: number | null = null;

  constructor(context: WorkerContext, held: HeldCamera) {
    this.#context = context;
    this.#held = held;
    this.#told.at = context.clock.now();
  }

  frame(at: FrameTime): void {
    this.#lastFrameAt = at.capturedAt;
  }

  /** When a person last said that the camera's view is as it should be, if that was later. */
  viewAcceptedSince(at: EpochMs): Promise<EpochMs | undefined> {
    return findAcceptedView(this.#context.pool, this.#held.camera.id, at);
  }

  /** @throws StaleFenceError when somebody else has taken the camera */
  async send(facts: CameraFacts): Promise<void> {
    const { clock, log, pool, producer } = this.#context;
    const { lease } = this.#held;
    const now = clock.now();
    const { kind } = facts;
    if (kind !== undefined) {
      const report = { kind, at: now, channels: this.#alarmChannels(), newId };
      const { alarmIds } = await recordHealth(pool, lease, report);
      for (const alarmId of alarmIds) {
        this.#context.metrics.alarm(kind);
        // Not waited for, Redis may be away: alarms that wait are queued again from Postgres.
        producer
          .sendAlarm(alarmId)
          .catch((err: unknown) => log.warn({ err, alarmId }, "an alarm waits to be queued"));
      }
    }
    const status = this.#statusOf(facts, now);
    this.#count(facts, status, now);
    if (!(await writeCameraStatus(pool, lease.cameraId, lease.fence, status, now)))
      throw new StaleFenceError(lease.cameraId, lease.fence);
  }

  close(): void {
    this.#context.metrics.forgetCamera(this.#held.camera.id);
  }

  /** The log is always there; whoever configured a webhook wants to be told by it, too. */
  #alarmChannels(): string[] {
    const { webhookUrl } = this.#context.config;
    return Object.keys(alarmChannels).filter((name) => name !== "webhook" || webhookUrl !== undefined);
  }

  #statusOf({ kind, capture, counts, session, clock, ring }: CameraFacts, now: number): CameraStatus {
    const { model, watch } = this.#held.camera.analysis;
    const done = session?.counts;
    const analysed = (done?.analysed ?? 0) + (done?.skipped ?? 0);
    const elapsedMs = Math.max(1, now - this.#told.at);
    return {
      kind: kind ?? "starting",
      capture: {
        state: capture?.phase ?? "starting",
        restarts: capture?.restarts ?? 0,
        stalls: capture?.stalls ?? 0,
        breaker: capture?.breaker ?? "closed",
        lastExit: capture?.lastExit ?? null,
        nextTryInMs: capture?.nextTryInMs ?? null,
      },
      framesDecoded: counts.decoded,
      framesAnalysed: analysed,
      framesDropped: counts.dropped,
      analysedFps: Math.max(0, ((analysed - this.#told.analysed) * 1000) / elapsedMs),
      lastFrameAt: this.#lastFrameAt,
      standing: session?.standing.standing.length ?? 0,
      candidates: done?.confirmed ?? 0,
      unconfirmed: done?.retracted ?? 0,
      clock: clock ?? null,
      ring: ring === undefined ? null : ringFacts(ring),
      model,
      watch,
    };
  }

  #count({ counts }: CameraFacts, status: CameraStatus, now: number): void {
    const { metrics, watches } = this.#context;
    const { id } = this.#held.camera;
    const told = this.#told;
    const next = {
      analysed: status.framesAnalysed,
      decoded: counts.decoded,
      dropped: counts.dropped,
      restarts: status.capture.restarts,
      stalls: status.capture.stalls,
      ringLosses: status.ring?.losses ?? 0,
      at: now,
    };
    // A new session counts from nothing again.
    const more = (key: keyof typeof next) => Math.max(0, next[key] - told[key]);
    metrics.cameraState(id, status.kind);
    metrics.frames(id, { decoded: more("decoded"), analysed: more("analysed"), dropped: more("dropped") });
    for (let n = more("restarts"); n > 0; n -= 1) metrics.restarted(id);
    for (let n = more("stalls"); n > 0; n -= 1) metrics.stalled(id);
    if (more("ringLosses") > 0) metrics.ringLost(id, more("ringLosses"));
    if (status.kind !== "watched") metrics.gap(id, status.kind, more("at") / 1000);
    watches.countFrames(more("analysed"), more("dropped"));
    this.#told = next;
  }
}

function ringFacts({ segments, losses }: SegmentRing): NonNullable<CameraStatus["ring"]> {
  const first = segments[0]?.startSec ?? 0;
  return {
    seconds: Math.max(0, (segments.at(-1)?.endSec ?? 0) - first),
    bytes: segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    losses: losses.segments,
  };
}
