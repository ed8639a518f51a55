import { Counter, Gauge, Histogram } from "prom-client";
import { ProgramMetrics } from "./program-metrics.ts";

/** Where a frame's time goes, from asking for it to what follows from it. */
export type Stage = "decode_wait" | "inference_wait" | "inference_run" | "post_processing" | "judge";

/** From when on the way of a candidate to its incident is counted. */
export type LatencyStart = "triggered" | "sealed";

const STAGE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LATENCY_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600];

/** Counts that grow for as long as this process watches the camera. */
const CAMERA_COUNTERS = {
  decoded: ["forewarn_frames_decoded_total", "Frames ffmpeg decoded"],
  analysed: ["forewarn_frames_analysed_total", "Frames the detector looked at and the rules judged"],
  dropped: ["forewarn_frames_dropped_total", "Frames let go for want of time or a usable time stamp"],
  restarts: ["forewarn_capture_restarts_total", "Times the capture was started again"],
  stalls: ["forewarn_capture_stalls_total", "Times the capture gave nothing and was ended"],
  ringLosses: ["forewarn_ring_losses_total", "Segments of the recording ring that are missing"],
} as const;
type CameraCount = keyof typeof CAMERA_COUNTERS;

interface CameraRecord {
  state: string | undefined;
  readonly counts: Record<CameraCount, number>;
  readonly gapSeconds: Map<string, number>;
}

/**
 * What a worker program counts. Numbers of a camera are kept here and told at the scrape, so that a camera that
 * is given away leaves no label behind.
 */
export class WorkerMetrics extends ProgramMetrics {
  readonly #cameras = new Map<string, CameraRecord>();
  /** Told with 0 when no camera is in one: a label that vanishes looks like a worker that does. */
  readonly #statesSeen = new Set<string>();
  readonly #stage: Histogram<"stage">;
  readonly #latency: Histogram<"from">;
  readonly #alarms: Counter<"kind">;
  readonly #diskFree: Gauge;
  readonly #diskFull: Gauge;
  readonly #logRefusals: Counter;

  constructor() {
    super("worker");
    const registers = [this.registry];
    const cameras = this.#cameras;
    const statesSeen = this.#statesSeen;
    new Gauge({
      name: "forewarn_cameras",
      help: "Cameras this worker holds, by state",
      labelNames: ["state"],
      registers,
      collect() {
        for (const state of statesSeen) this.set({ state }, 0);
        for (const { state } of cameras.values()) if (state !== undefined) this.inc({ state });
      },
    });
    new Gauge({
      name: "forewarn_camera_state",
      help: "1 for the state each camera is in",
      labelNames: ["camera_id", "state"],
      registers,
      collect() {
        this.reset();
        for (const [camera_id, { state }] of cameras)
          if (state !== undefined) this.set({ camera_id, state }, 1);
      },
    });
    for (const key of Object.keys(CAMERA_COUNTERS) as CameraCount[]) {
      const [name, help] = CAMERA_COUNTERS[key];
      new Counter({
        name,
        help,
        labelNames: ["camera_id"],
        registers,
        collect() {
          this.reset();
          for (const [camera_id, { counts }] of cameras) this.inc({ camera_id }, counts[key]);
        },
      });
    }
    new Counter({
      name: "forewarn_gap_seconds_total",
      help: "Seconds in which a camera was not watched, by kind",
      labelNames: ["camera_id", "kind"],
      registers,
      collect() {
        this.reset();
        for (const [camera_id, { gapSeconds }] of cameras)
          for (const [kind, seconds] of gapSeconds) this.inc({ camera_id, kind }, seconds);
      },
    });
    this.#stage = new Histogram({
      name: "forewarn_stage_seconds",
      help: "Wall time of each stage of a frame's way",
      labelNames: ["stage"],
      buckets: STAGE_BUCKETS,
      registers,
    });
    this.#latency = new Histogram({
      name: "forewarn_candidate_to_incident_seconds",
      help: "From a candidate's trigger, or from its sealed bundle, to the incident that people can review",
      labelNames: ["from"],
      buckets: LATENCY_BUCKETS,
      registers,
    });
    this.#diskFree = new Gauge({
      name: "forewarn_disk_free_bytes",
      help: "Room left on the disk that evidence is written to; NaN where nobody can say",
      registers,
    });
    this.#diskFull = new Gauge({
      name: "forewarn_disk_full",
      help: "1 while cameras are paused because the disk is nearly full",
      registers,
    });
    this.#logRefusals = new Counter({
      name: "forewarn_log_refusals_total",
      help: "Times no checkpoint was signed because the evidence log is not the one that was signed before",
      registers,
    });
    this.#alarms = new Counter({
      name: "forewarn_alarms_total",
      help: "Alarms raised about cameras, by kind",
      labelNames: ["kind"],
      registers,
    });
  }

  /** What a camera is at now: `watched`, `blind` … (a `CameraKind`). */
  cameraState(cameraId: string, state: string): void {
    this.#statesSeen.add(state);
    this.#camera(cameraId).state = state;
  }

  /** More frames, since the last call. */
  frames(
    cameraId: string,
    more: { readonly decoded?: number; readonly analysed?: number; readonly dropped?: number },
  ): void {
    const { counts } = this.#camera(cameraId);
    counts.decoded += more.decoded ?? 0;
    counts.analysed += more.analysed ?? 0;
    counts.dropped += more.dropped ?? 0;
  }

  /** One frame's time in one stage. */
  stage(name: Stage, seconds: number): void {
    this.#stage.observe({ stage: name }, seconds);
  }

  /** More time in which the camera was not watched. `kind` from a fixed list: it becomes a label. */
  gap(cameraId: string, kind: string, seconds: number): void {
    const { gapSeconds } = this.#camera(cameraId);
    gapSeconds.set(kind, (gapSeconds.get(kind) ?? 0) + seconds);
  }

  restarted(cameraId: string): void {
    this.#camera(cameraId).counts.restarts += 1;
  }

  stalled(cameraId: string): void {
    this.#camera(cameraId).counts.stalls += 1;
  }

  /** More segments that the ring should hold and does not. */
  ringLost(cameraId: string, segments: number): void {
    this.#camera(cameraId).counts.ringLosses += segments;
  }

  /** An alarm was raised. `kind` from a fixed list: it becomes a label. */
  alarm(kind: string): void {
    this.#alarms.inc({ kind });
  }

  /** The evidence log was not signed: it is not the one that was signed before. */
  logRefused(): void {
    this.#logRefusals.inc();
  }

  /** How the disk stands that evidence is written to. */
  disk({ full, freeBytes }: { readonly full: boolean; readonly freeBytes: number | null }): void {
    this.#diskFree.set(freeBytes ?? Number.NaN);
    this.#diskFull.set(full ? 1 : 0);
  }

  /** An incident was recorded so long after its candidate was triggered, or its bundle sealed. */
  incident(from: LatencyStart, seconds: number): void {
    this.#latency.observe({ from }, seconds);
  }

  /** The camera is somebody else's now, or nobody's. */
  forgetCamera(cameraId: string): void {
    this.#cameras.delete(cameraId);
  }

  #camera(cameraId: string): CameraRecord {
    const known = this.#cameras.get(cameraId);
    if (known !== undefined) return known;
    const made: CameraRecord = {
      state: undefined,
      counts: { decoded: 0, analysed: 0, dropped: 0, restarts: 0, stalls: 0, ringLosses: 0 },
      gapSeconds: new Map(),
    };
    this.#cameras.set(cameraId, made);
    return made;
  }
}
