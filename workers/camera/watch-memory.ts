import { createHash } from "node:crypto";
import { z } from "zod";
import { findWatchState, saveWatchState } from "../../store/lease-store.ts";
import type { WorkerContext } from "../context.ts";
import type { HeldCamera } from "./held-camera.ts";

const memorySchema = z.object({ watch: z.unknown(), health: z.unknown() });

/** What one watch of a camera hands on to the next: what stands and how long, and what the scene looks like. */
export type WatchMemory = z.infer<typeof memorySchema>;

/** What the last watch under the same zones and rules left; each part is checked by whoever takes it up. */
export async function findWatchMemory(
  { pool }: WorkerContext,
  held: HeldCamera,
): Promise<WatchMemory | undefined> {
  const state = await findWatchState(pool, held.camera.id, documentHash(held));
  return memorySchema.safeParse(state).data;
}

/** @throws StaleFenceError when somebody else has taken the camera */
export async function saveWatchMemory(
  { pool, clock }: WorkerContext,
  held: HeldCamera,
  memory: { readonly watch: object; readonly health: object },
): Promise<void> {
  await saveWatchState(
    pool,
    held.lease,
    { documentSha256: documentHash(held), snapshot: memory },
    clock.now(),
  );
}

/** Under other zones, rules or ways of looking a memory means nothing. */
function documentHash({ camera }: HeldCamera): string {
  const { zones, rules, analysis } = camera;
  return createHash("sha256").update(JSON.stringify({ zones, rules, analysis })).digest("hex");
}
