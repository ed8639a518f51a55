import { describe, expect, it } from "vitest";
import { tinySpec } from "../../test-fixtures/tiny-model/tiny-model.ts";
import { InferenceError, ModelLoadError } from "./errors.ts";
import {
  type InferenceJob,
  InferencePool,
  type InferenceThread,
  type Judgement,
  type LoadedSession,
} from "./inference-pool.ts";
import type { SessionSetup } from "./thread-messages.ts";

/** A thread that answers when the test says so. The score of an answer is the job's own minScore. */
class FakeThread implements InferenceThread {
  alive = true;
  closed = false;
  /** Thrown by the next load. */
  refusal: Error | undefined;
  job: InferenceJob | undefined;
  readonly loaded: number[] = [];
  #settle: { resolve: (judgement: Judgement) => void; reject: (error: Error) => void } | undefined;

  async load(session: number): Promise<LoadedSession> {
    if (this.job !== undefined) throw new Error("loaded while working");
    if (this.refusal !== undefined) throw this.refusal;
    this.loaded.push(session);
    return { provider: "fake", skipped: [] };
  }

  detect(session: number, job: InferenceJob): Promise<Judgement> {
    if (!this.loaded.includes(session)) throw new Error(`session ${session} is not loaded`);
    if (this.job !== undefined) throw new Error("a thread got two jobs at once");
    this.job = job;
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  answer(): void {
    const score = this.job?.minScore ?? Number.NaN;
    this.job = undefined;
    this.#settle?.resolve({ found: Float64Array.of(score), fillMs: 1, runMs: 10, decodeMs: 2 });
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

const setup: SessionSetup = {
  facts: { spec: tinySpec(new Uint8Array(), { layout: "yolov10" }), labelCount: 3, pixelFormat: "rgb24" },
  executionProviders: ["cpu"],
  graph: new SharedArrayBuffer(0),
};

function job(tag: number): InferenceJob {
  return { pixels: new Uint8Array(), sourceWidth: 1, sourceHeight: 1, minScore: tag };
}

async function openPool(
  size: number,
  prepare: (thread: FakeThread, index: number) => void = () => undefined,
) {
  const threads: FakeThread[] = [];
  const pool = new InferencePool(size, () => {
    const thread = new FakeThread();
    prepare(thread, threads.length);
    threads.push(thread);
    return thread;
  });
  const { session } = await pool.load(setup);
  const busyWith = () => threads.flatMap(({ job: at }) => at?.minScore ?? []);
  const detect = (tag: number, key = "camera") => pool.detect(session, key, job(tag));
  return { pool, session, threads, busyWith, detect };
}

describe("InferencePool", () => {
  it("gives each thread one frame at a time, in the order in which they came", async () => {
    const { pool, threads, busyWith, detect } = await openPool(2);
    const results = [1, 2, 3, 4].map((tag) => detect(tag));
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

  it("lets a camera with one frame go before the tenth of a busy one", async () => {
    const { pool, threads, busyWith, detect } = await openPool(1);
    const busy = Array.from({ length: 10 }, (_, index) => detect(index, "busy"));
    const quiet = detect(100, "quiet");
    const order: number[] = [];
    for (let frame = 0; frame < 11; frame++) {
      await expect.poll(() => busyWith().length).toBe(1);
      order.push(...busyWith());
      threads[0]?.answer();
    }
    // The first ran already, the second was first in its line when the quiet one came.
    expect(order).toEqual([0, 1, 100, 2, 3, 4, 5, 6, 7, 8, 9]);
    await Promise.all([...busy, quiet]);
    await pool.close();
  });

  it("adds up what frames took", async () => {
    const { pool, threads, detect } = await openPool(1);
    const results = [detect(1), detect(2)];
    expect(pool.stats()).toMatchObject({ runs: 0, waiting: 1 });
    threads[0]?.answer();
    await results[0];
    await expect.poll(() => threads[0]?.job?.minScore).toBe(2);
    threads[0]?.answer();
    await results[1];
    const { waitMs, ...sums } = pool.stats();
    expect(sums).toEqual({ runs: 2, fillMs: 2, runMs: 20, decodeMs: 4, waiting: 0 });
    expect(waitMs).toBeGreaterThan(0);
    await pool.close();
  });

  it("fails only the job whose thread crashed, and starts a fresh thread for the next", async () => {
    const { pool, threads, detect } = await openPool(1);
    const first = detect(1);
    const second = detect(2);
    threads[0]?.crash();
    await expect(first).rejects.toMatchObject({ code: "inference.thread_crashed", retryable: true });
    await expect.poll(() => threads[1]?.job?.minScore).toBe(2);
    threads[1]?.answer();
    expect([...(await second)]).toEqual([2]);
    await pool.close();
  });

  it("replaces a thread that died between two jobs", async () => {
    const { pool, threads, detect } = await openPool(1);
    threads[0]?.crash();
    const result = detect(1);
    await expect.poll(() => threads[1]?.job?.minScore).toBe(1);
    threads[1]?.answer();
    expect([...(await result)]).toEqual([1]);
    await pool.close();
  });

  it("tells the caller when no fresh thread gets ready, and tries again with the next job", async () => {
    const { pool, threads, detect } = await openPool(1, (thread, index) => {
      if (index === 1) thread.refusal = new ModelLoadError("model.corrupt", "refused");
    });
    threads[0]?.crash();
    await expect(detect(1)).rejects.toMatchObject({ code: "model.corrupt" });
    for (const thread of threads) thread.refusal = undefined;
    const result = detect(2);
    await expect.poll(() => threads[1]?.job?.minScore).toBe(2);
    threads[1]?.answer();
    expect([...(await result)]).toEqual([2]);
    await pool.close();
  });

  it("disturbs no other thread with a graph that the first refuses", async () => {
    const { pool, threads, session, detect } = await openPool(3);
    for (const thread of threads) thread.refusal = new ModelLoadError("model.wrong_input", "refused");
    await expect(pool.load(setup)).rejects.toMatchObject({ code: "model.wrong_input" });
    expect(threads.map(({ loaded }) => loaded)).toEqual([[session], [session], [session]]);
    const result = detect(1);
    threads[0]?.answer();
    expect([...(await result)]).toEqual([1]);
    await pool.close();
  });

  it("keeps several graphs in the same threads", async () => {
    const { pool, threads, session } = await openPool(2);
    const other = await pool.load(setup);
    expect(threads.map(({ loaded }) => loaded)).toEqual([
      [session, other.session],
      [session, other.session],
    ]);
    const results = [pool.detect(session, "a", job(1)), pool.detect(other.session, "b", job(2))];
    for (const thread of threads) thread.answer();
    expect((await Promise.all(results)).map(([tag]) => tag)).toEqual([1, 2]);
    await pool.close();
  });

  it("lets the running job finish on close, refuses the waiting ones and every later one", async () => {
    const { pool, threads, detect } = await openPool(1);
    const running = detect(1);
    const waiting = detect(2);
    const closing = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: "inference.closed" });
    await expect(detect(3)).rejects.toMatchObject({ code: "inference.closed" });
    expect(threads[0]?.closed).toBe(false);
    threads[0]?.answer();
    expect([...(await running)]).toEqual([1]);
    await closing;
    expect(threads[0]?.closed).toBe(true);
    await pool.close();
  });

  it("refuses more of one camera than it can hold, not another's", async () => {
    const { pool, threads, detect } = await openPool(1);
    const running = detect(0);
    const held = Array.from({ length: 256 }, (_, tag) => detect(tag).catch((error) => error.code));
    await expect(detect(1)).rejects.toMatchObject({ code: "inference.queue_full", retryable: true });
    held.push(detect(2, "another camera").catch((error) => error.code));
    const closing = pool.close();
    threads[0]?.answer();
    await Promise.all([running, closing]);
    expect(new Set(await Promise.all(held))).toEqual(new Set(["inference.closed"]));
  });
});

describe("InferencePool.replaceThreads", () => {
  it("puts fresh threads in place without losing a frame; the old one ends after its own", async () => {
    const { pool, session, threads, detect } = await openPool(1);
    const running = detect(1);
    const waiting = detect(2);
    const replaced = pool.replaceThreads();
    await expect.poll(() => threads[1]?.loaded).toEqual([session]);
    expect(threads[0]).toMatchObject({ closed: false, job: { minScore: 1 } });
    threads[0]?.answer();
    expect([...(await running)]).toEqual([1]);
    await replaced;
    expect(threads[0]?.closed).toBe(true);
    await expect.poll(() => threads[1]?.job?.minScore).toBe(2);
    threads[1]?.answer();
    expect([...(await waiting)]).toEqual([2]);
    await pool.close();
    expect(threads.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it("leaves behind what was forgotten", async () => {
    const { pool, session, threads } = await openPool(2);
    const { session: other } = await pool.load(setup);
    pool.forget(session);
    await expect(pool.detect(session, "camera", job(1))).rejects.toMatchObject({ code: "inference.closed" });
    await pool.replaceThreads();
    expect(threads.map(({ loaded, closed }) => ({ loaded, closed }))).toEqual([
      { loaded: [session, other], closed: true },
      { loaded: [session, other], closed: true },
      { loaded: [other], closed: false },
      { loaded: [other], closed: false },
    ]);
    await pool.close();
  });

  it("keeps the old thread when the fresh one is refused", async () => {
    const { pool, threads, detect } = await openPool(1, (thread, index) => {
      if (index > 0) thread.refusal = new ModelLoadError("model.corrupt", "refused");
    });
    await expect(pool.replaceThreads()).rejects.toMatchObject({ code: "model.corrupt" });
    expect(threads.map(({ closed }) => closed)).toEqual([false, true]);
    const result = detect(1);
    threads[0]?.answer();
    expect([...(await result)]).toEqual([1]);
    await pool.close();
  });

  it("does not outlive close", async () => {
    const { pool, threads } = await openPool(2);
    const replaced = pool.replaceThreads();
    const closing = pool.close();
    await expect(replaced).rejects.toMatchObject({ code: "inference.closed" });
    await closing;
    expect(threads.every(({ closed }) => closed)).toBe(true);
  });
});
