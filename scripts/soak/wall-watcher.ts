import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";

const LOOK_EVERY_MS = 250;

/** Looks again and again at when each camera was last seen by anybody, and by how many at once. */
export class WallWatcher {
  readonly #pool: Pool;
  readonly #cameraIds: readonly string[];
  readonly #ringsDir: string;
  readonly #lastFrameAt = new Map<string, number>();
  #begun = false;
  #stopped = false;
  #longestUnwatchedMs = 0;
  #watchedTwiceMs = 0;
  #loop: Promise<void>;

  /** @param ringsDir names the ring of a camera's ffmpeg on its command line */
  constructor(pool: Pool, cameraIds: readonly string[], ringsDir: string) {
    this.#pool = pool;
    this.#cameraIds = cameraIds;
    this.#ringsDir = ringsDir;
    this.#loop = this.#run();
  }

  /** Cameras of which a frame was seen. */
  get seen(): number {
    return this.#lastFrameAt.size;
  }

  /** Longest time between two frames of one camera that somebody looked at. */
  get longestUnwatchedMs(): number {
    return this.#longestUnwatchedMs;
  }

  /** Time in which some camera was read by two programs at once; counted in looks. */
  get watchedTwiceMs(): number {
    return this.#watchedTwiceMs;
  }

  /** From now on it counts. */
  begin(): void {
    this.#begun = true;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async #look(): Promise<void> {
    const { rows } = await this.#pool.query<{ cameraId: string; lastFrameAt: number | null }>(
      `select camera_id as "cameraId", (status ->> 'lastFrameAt')::float8 as "lastFrameAt" from camera_statuses`,
    );
    for (const { cameraId, lastFrameAt: at } of rows) {
      if (at === null) continue;
      const before = this.#lastFrameAt.get(cameraId);
      if (before === undefined || at > before) this.#lastFrameAt.set(cameraId, at);
      if (this.#begun && before !== undefined)
        this.#longestUnwatchedMs = Math.max(this.#longestUnwatchedMs, at - before);
    }
    if (!this.#begun) return;
    // What nobody has taken up again yet counts as well.
    for (const last of this.#lastFrameAt.values())
      this.#longestUnwatchedMs = Math.max(this.#longestUnwatchedMs, Date.now() - last);
    if (await this.#anyTwice()) this.#watchedTwiceMs += LOOK_EVERY_MS;
  }

  async #anyTwice(): Promise<boolean> {
    const counts = new Map<string, number>();
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      const command = await readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "");
      const id = this.#cameraIds.find((one) => command.includes(`${join(this.#ringsDir, one)}/`));
      if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return [...counts.values()].some((count) => count > 1);
  }
}
