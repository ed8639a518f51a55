import { z } from "zod";

const unit = z.number();
const instant = z.string();

/**
 * What an incident keeps of its candidate and bundle, so that a desk need not open the bundle: written once when
 * the incident is recorded, read by everything that shows it. The bundle's manifest stays the authority.
 */
export const incidentFacts = z.object({
  label: z.string(),
  score: unit,
  box: z.tuple([unit, unit, unit, unit]),
  location: z.object({ lat: z.number(), lon: z.number(), place: z.string() }),
  zone: z.object({ id: z.string(), polygon: z.array(z.tuple([unit, unit])) }),
  rule: z.object({ id: z.string(), dwellSeconds: z.number(), graceSeconds: z.number() }),
  startedAt: instant,
  dwellMs: z.number(),
  unobservedMs: z.number(),
  ledger: z.array(z.object({ kind: z.enum(["observed", "unobserved"]), from: instant, to: instant })),
  model: z.object({ id: z.string(), sha256: z.string() }),
});

export type IncidentFactsRecord = z.infer<typeof incidentFacts>;
