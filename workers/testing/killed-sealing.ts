import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { loadCameraFile } from "../../config/camera-file.ts";
import { newId } from "../../runtime/ids.ts";
import { packageRoot } from "../../runtime/version.ts";
import { putCamera } from "../../store/camera-store.ts";
import { withTx } from "../../store/pool.ts";
import { startTestProgram, type TestProgram } from "../../test-fixtures/programs.ts";
import { type BundleCount, countBundles } from "./check-bundles.ts";
import { isMaking, lookAtMaking, type Making } from "./kill-moments.ts";
import type { SealingPlan } from "./sealing-plan.ts";

const LOOK_EVERY_MS = 200;

export interface KilledSealingOptions {
  readonly pool: Pool;
  readonly dataDir: string;
  /** Database, queue and data folder, as a worker wants them. */
  readonly env: Readonly<Record<string, string>>;
  readonly footage: string;
  readonly cameras: number;
}

/** A worker that seals recorded footage and is killed again and again; when it has sealed everything there is more to seal. */
export class KilledSealing {
  readonly #options: KilledSealingOptions;
  readonly #cameraIds: readonly string[];
  #worker: TestProgram | undefined;
  #perCamera = 1;

  private constructor(options: KilledSealingOptions, cameraIds: readonly string[]) {
    this.#options = options;
    this.#cameraIds = cameraIds;
  }

  /** Puts the cameras on record. */
  static async open(options: KilledSealingOptions): Promise<KilledSealing> {
    const sample = await loadCameraFile(join(packageRoot, "config", "sample", "camera-parking.yaml"));
    const source = { url: options.footage, transport: "tcp", pace: "fast", loop: false } as const;
    const cameraIds = Array.from({ length: options.cameras }, (_, at) => `sealing-${at + 1}`);
    const actor = { kind: "system", name: "sealing" } as const;
    const act = { actor, scope: "every", at: Date.now(), newId } as const;
    for (const id of cameraIds)
      await withTx(options.pool, (tx) =>
        putCamera(tx, act, { camera: { ...sample, id, source }, enabled: true }),
      );
    return new KilledSealing(options, cameraIds);
  }

  /** Candidates that were triggered so far. */
  get triggered(): number {
    return this.#cameraIds.length * this.#perCamera;
  }

  /** Starts the worker, kills it so long after it was ready, and says what it was in the middle of. */
  async killAfter(ms: number): Promise<Making> {
    if (await this.#isAllStored()) this.#perCamera += 1;
    const worker = await this.#start();
    await sleep(ms);
    await worker.kill();
    return lookAtMaking(this.#options.dataDir);
  }

  /** Lets a last worker do what is left, ends it in order and counts. */
  async finish(patienceMs: number): Promise<BundleCount & { readonly exitCode: number | null }> {
    const { pool, dataDir } = this.#options;
    const worker = await this.#start();
    for (const giveUp = Date.now() + patienceMs; Date.now() < giveUp; await sleep(LOOK_EVERY_MS))
      if ((await this.#isAllStored()) && !isMaking(await lookAtMaking(dataDir))) break;
    await worker.stop();
    return { ...(await countBundles(pool, dataDir, this.#perCamera)), exitCode: worker.child.exitCode };
  }

  async close(): Promise<void> {
    await this.#worker?.kill();
  }

  async #isAllStored(): Promise<boolean> {
    const { rowCount } = await this.#options.pool.query("select 1 from incidents");
    return (rowCount ?? 0) >= this.triggered;
  }

  async #start(): Promise<TestProgram> {
    const { env, footage } = this.#options;
    const plan: SealingPlan = { footage, cameraIds: [...this.#cameraIds], perCamera: this.#perCamera };
    this.#worker = await startTestProgram("workers/testing/sealing-program.ts", env, [JSON.stringify(plan)]);
    return this.#worker;
  }
}
