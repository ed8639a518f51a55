import type { LocalDate } from "../../clocks/clock.ts";
import type { ServiceRecord } from "../case-file.ts";

/** A public notice of a document that another one replaces would serve nothing any more: it ends unserved. */
export function endPublicNotice(
  services: readonly ServiceRecord[],
  docId: string | undefined,
  on: LocalDate,
): readonly ServiceRecord[] {
  return services.map((one) =>
    one.docId === docId && one.outcome === "running"
      ? { ...one, outcome: "failed", details: { ...one.details, endedOn: on } }
      : one,
  );
}
