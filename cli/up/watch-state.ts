import type { Pool } from "pg";
import { z } from "zod";
import type { Producer } from "../../queue/producer.ts";
import type { CameraProgress } from "./progress-view.ts";

const progress = z.object({
  cameraId: z.string(),
  framesAnalysed: z.number(),
  analysedFps: z.number(),
  candidates: z.number(),
});

/** What the cameras' jobs say of themselves, beside what Postgres has. */
export class WatchState {
  readonly #pool: Pool;
  readonly #producer: Producer;
  readonly #cameras: readonly { id: string; name: string }[];
  /** A job that is done is gone; what it said last is kept. */
  readonly #last = new Map<string, z.infer<typeof progress>>();

  constructor(pool: Pool, producer: Producer, cameras: readonly { id: string; name: string }[]) {
    this.#pool = pool;
    this.#producer = producer;
    this.#cameras = cameras;
  }

  async read(): Promise<{ cameras: CameraProgress[]; idle: boolean; failed: string[] }> {
    const jobs = await this.#producer
      .queue("cameras")
      .getJobs(["active", "waiting", "delayed", "prioritized"]);
    for (const job of jobs) {
      const parsed = progress.safeParse(job?.progress);
      if (parsed.success) this.#last.set(parsed.data.cameraId, parsed.data);
    }
    const evidence = this.#producer.queue("evidence");
    const counts = await evidence.getJobCounts("active", "waiting", "delayed");
    const failed = await evidence.getJobs(["failed"]);
    const { rows } = await this.#pool.query<{ cameraId: string; waiting: number }>(
      `select incidents.camera_id as "cameraId", count(*)::integer as waiting from incidents
       where incidents.state = 'review_pending' group by incidents.camera_id`,
    );
    const waiting = new Map(rows.map((row) => [row.cameraId, row.waiting]));
    const pending = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return {
      idle: jobs.length === 0 && pending === 0,
      failed: failed.map((job) => `${job.id}: ${job.failedReason}`),
      cameras: this.#cameras.map(({ id, name }) => {
        const said = this.#last.get(id);
        return {
          cameraId: id,
          name,
          analysedFps: said?.analysedFps ?? 0,
          framesAnalysed: said?.framesAnalysed ?? 0,
          candidates: said?.candidates ?? 0,
          waiting: waiting.get(id) ?? 0,
        };
      }),
    };
  }
}
