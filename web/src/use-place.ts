import { onBeforeUnmount, onMounted, ref } from "vue";

export const tabNames = ["review", "cases", "deliveries", "parameters"] as const;
export type TabName = (typeof tabNames)[number];

/** Where somebody is on this page, `#/cases/cas_1`: it can be linked to and survives a reload. */
export interface Place {
  readonly tab: TabName | null;
  readonly id: string | null;
}

export function placeOf(hash: string): Place {
  const [, tab = "", id = ""] = /^#\/([a-z]+)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  const known = tabNames.find((name) => name === tab) ?? null;
  return { tab: known, id: known === null || id === "" ? null : id };
}

export function hashOf(tab: TabName, id: string | null = null): string {
  return `#/${tab}${id === null ? "" : `/${id}`}`;
}

/** Follows the address; call `go` to change it. */
export function usePlace() {
  const place = ref(placeOf(location.hash));
  const follow = () => {
    place.value = placeOf(location.hash);
  };
  onMounted(() => window.addEventListener("hashchange", follow));
  onBeforeUnmount(() => window.removeEventListener("hashchange", follow));
  const go = (tab: TabName, id: string | null = null) => {
    location.hash = hashOf(tab, id);
  };
  return { place, go };
}
