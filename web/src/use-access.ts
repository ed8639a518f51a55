import { computed, ref, shallowRef } from "vue";
import type { Access } from "./access-api.ts";

/** What of the API is asked. */
export interface AccessCalls {
  readonly ask: () => Promise<Access>;
  readonly revoke: (grantId: string) => Promise<unknown>;
}

/**
 * By what right this person may see originals now, and whether they are looking at one. Each step throws what its calls
 * throw; whatever the server answers or does not, nothing is shown by a ground that is known to be over.
 */
export function useAccess({ ask, revoke }: AccessCalls) {
  /** Null until the server has said; nothing of the originals is asked for before. */
  const access = shallowRef<Access | null>(null);
  const ground = computed(() => access.value?.ground ?? null);
  /** The original is shown, not its masked copy. */
  const original = ref(false);

  async function load(): Promise<void> {
    access.value = await ask();
    // Whoever holds a grant chooses to look, since each look is on record; whoever reviews has to look.
    if (ground.value === null) original.value = false;
    else if (ground.value.kind === "review_claim") original.value = true;
  }

  function forget(): void {
    original.value = false;
    if (access.value !== null) access.value = { ...access.value, ground: null };
  }

  /** The ground's time is over: hidden first, and only then is the server asked for what holds now. */
  async function end(): Promise<void> {
    forget();
    await load();
  }

  /** The person is done looking before the time is over. */
  async function giveBack(): Promise<void> {
    const grantId = ground.value?.grantId;
    if (grantId) await revoke(grantId);
    await end();
  }

  return { access, ground, original, load, end, giveBack };
}
