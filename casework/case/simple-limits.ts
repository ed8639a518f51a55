import type { Fen } from "../money.ts";
import type { Parameters } from "../parameters.ts";
import type { Party } from "./case-file.ts";

/**
 * Highest fine of the simplified procedure (行政处罚法 51), in fen. A small trader (个体工商户), or somebody not known yet, has
 * the citizen's limit.
 */
export function simpleMaxFine(party: Party | null, parameters: Parameters): Fen {
  const isUnit = party?.kind === "legal_person" || party?.kind === "organisation";
  return parameters.get(isUnit ? "simple.maxFine.unit" : "simple.maxFine.person");
}
