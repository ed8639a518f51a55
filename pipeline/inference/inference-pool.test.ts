import { describe, expect, it } from "vitest";
import { InferenceError, ModelLoadError } from "./errors.ts";
import { type InferenceJob, InferencePool, type InferenceThread } from "./inference-pool.ts";

/** A thread that answers when the test says so. The score of an answer is the job's own minScore. */
class FakeThread implements InferenceThread {
  alive = true;
  closed = false;
  job: InferenceJob | undefined;
  #settle: { resolve: (found: Float64Array) => void; reject: (error: Error) => void } | undefined;

  detect(job: InferenceJob): Promise<Float64Array> {
    if (this.job !== undefined) throw new Error("a thread got two jobs at once");
    this.job = job;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  answer(): void {
    const score = this.job?.minScore ?? Number.NaN;
    this.job = undefined;
    this.#settle?.resolve(Float64Array.of(score));
  }

  crash(): void {
    this.alive = false;
    this.job = undefined;
    this.#settle?.reject(new InferenceError("inference.thread_crashed", "crashed"));
  }

  async close(): Promise<void> {
    if (this.job !== undefined) throw new Error("closed while working");
    this.closed = true;
  }
}

function job(tag: number): InferenceJob {
  return { pixels: new Uint8Array(), sourceWidth: 1, sourceHeight: 1, minScore: tag };
}

async function openPool(size: number) {
  const threads: FakeThread[] = [];
  const pool = await InferencePool.open(size, async () => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  });
  const busyWith = () => threads.flatMap(({ job: at }) => at?.minScore ?? []);
  return { pool, threads, busyWith };
}

describe("InferencePool", () => {
  it("serves first come first, each thread one job at a time", async () => {
    const { pool, threads, busyWith } = await openPool(2);
    const results = [1, 2, 3, 4].map((tag) => pool.detect(job(tag)));
    expect(busyWith()).toEqual([1, 2]);
    threads[1]?.answer();
    await results[1];
    await expect.poll(busyWith).toEqual([1, 3]);
    threads[0]?.answer();
    threads[1]?.answer();
    await expect.poll(busyWith).toEqual([4]);
    threads.find(({ job: at }) => at !== undefined)?.answer();
    expect((await Promise.all(results)).map(([tag]) => tag)).toEqual([1, 2, 3, 4]);
    await pool.close();
    expect(threads.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it("fails only the job whose thread crashed, and starts a fresh thread for the next", async () => {
    const { pool, threads } = await openPool(1);
    const first = pool.detect(job(1));
    const second = pool.detect(job(2));
    threads[0]?.crash();
    await expect(first).rejects.toMatchObject({ code: "inference.thread_crashed", retryable: true });
    await expect.poll(() => threads[1]?.job?.minScore).toBe(2);
    threads[1]?.answer();
    expect([...(await second)]).toEqual([2]);
    await pool.close();
  });

  it("replaces a thread that died between two jobs", async () => {
    const { pool, threads } = await openPool(1);
    threads[0]?.crash();
    const result = pool.detect(job(1));
    await expect.poll(() => threads[1]?.job?.minScore).toBe(1);
    threads[1]?.answer();
    expect([...(await result)]).toEqual([1]);
    await pool.close();
  });

  it("tells the caller when no fresh thread starts, and tries again with the next job", async () => {
    let refuse = true;
    const dead = new FakeThread();
    dead.alive = false;
    const fresh = new FakeThread();
    const pool = new InferencePool([dead], async () => {
      if (refuse) throw new ModelLoadError("model.corrupt", "refused");
      return fresh;
    });
    await expect(pool.detect(job(1))).rejects.toMatchObject({ code: "model.corrupt" });
    refuse = false;
    const result = pool.detect(job(2));
    await expect.poll(() => fresh.job?.minScore).toBe(2);
    fresh.answer();
    expect([...(await result)]).toEqual([2]);
    await pool.close();
  });

  it("closes the threads that started when one refuses", async () => {
    const started: FakeThread[] = [];
    const opening = InferencePool.open(3, async () => {
      if (started.length === 2) throw new ModelLoadError("model.wrong_input", "refused");
      const thread = new FakeThread();
      started.push(thread);
      return thread;
    });
    await expect(opening).rejects.toMatchObject({ code: "model.wrong_input" });
    expect(started.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it("lets the running job finish on close, refuses the waiting ones and every later one", async () => {
    const { pool, threads } = await openPool(1);
    const running = pool.detect(job(1));
    const waiting = pool.detect(job(2));
    const closing = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: "inference.closed" });
    await expect(pool.detect(job(3))).rejects.toMatchObject({ code: "inference.closed" });
    expect(threads[0]?.closed).toBe(false);
    threads[0]?.answer();
    expect([...(await running)]).toEqual([1]);
    await closing;
    expect(threads[0]?.closed).toBe(true);
    await pool.close();
  });

  it("refuses more than it can hold", async () => {
    const { pool, threads } = await openPool(1);
    const running = pool.detect(job(0));
    const held = Array.from({ length: 1024 }, (_, tag) => pool.detect(job(tag)).catch((error) => error.code));
    await expect(pool.detect(job(1))).rejects.toMatchObject({
      code: "inference.queue_full",
      retryable: true,
    });
    const closing = pool.close();
    threads[0]?.answer();
    await Promise.all([running, closing]);
    expect(new Set(await Promise.all(held))).toEqual(new Set(["inference.closed"]));
  });
});
