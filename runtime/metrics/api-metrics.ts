import { Gauge } from "prom-client";
import { ProgramMetrics } from "./program-metrics.ts";

/** A queue at one moment. */
export interface QueueState {
  readonly queue: string;
  /** Jobs by state: waiting, active, delayed, failed. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Age of the job that has waited longest, 0 without one; null where age says nothing of waiting. */
  readonly oldestWaitingSec: number | null;
}

/** What is looked up when somebody scrapes. Each answers null when its server is away. */
export interface ApiMetricsSources {
  queues(): Promise<readonly QueueState[] | null>;
  /** Enabled cameras of the whole installation, by kind. */
  wall(): Promise<Readonly<Record<string, number>> | null>;
}

/** What the API program tells: the queues and the wall, which no single worker knows. */
export class ApiMetrics extends ProgramMetrics {
  readonly #sources: ApiMetricsSources;
  readonly #up: Gauge<"server">;
  readonly #jobs: Gauge<"queue" | "state">;
  readonly #age: Gauge<"queue">;
  readonly #wall: Gauge<"kind">;

  constructor(sources: ApiMetricsSources) {
    super("api");
    this.#sources = sources;
    const registers = [this.registry];
    this.#up = new Gauge({
      name: "forewarn_server_up",
      help: "1 when the server answered this scrape; without it, what it knows is left out",
      labelNames: ["server"],
      registers,
    });
    this.#jobs = new Gauge({
      name: "forewarn_queue_jobs",
      help: "Jobs in each queue, by state",
      labelNames: ["queue", "state"],
      registers,
    });
    this.#age = new Gauge({
      name: "forewarn_queue_oldest_waiting_seconds",
      help: "Age of the job that has waited longest",
      labelNames: ["queue"],
      registers,
    });
    this.#wall = new Gauge({
      name: "forewarn_wall_cameras",
      help: "Enabled cameras of the installation, by what they are at; unwatched: no worker tells of them",
      labelNames: ["kind"],
      registers,
    });
  }

  override async scrape(): Promise<{ readonly contentType: string; readonly body: string }> {
    const [queues, wall] = await Promise.all([this.#sources.queues(), this.#sources.wall()]);
    for (const gauge of [this.#jobs, this.#age, this.#wall]) gauge.reset();
    this.#up.set({ server: "redis" }, queues === null ? 0 : 1);
    this.#up.set({ server: "postgres" }, wall === null ? 0 : 1);
    for (const { queue, jobs, oldestWaitingSec } of queues ?? []) {
      for (const [state, count] of Object.entries(jobs)) this.#jobs.set({ queue, state }, count);
      if (oldestWaitingSec !== null) this.#age.set({ queue }, oldestWaitingSec);
    }
    for (const [kind, count] of Object.entries(wall ?? {})) this.#wall.set({ kind }, count);
    return super.scrape();
  }
}
