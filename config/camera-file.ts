import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { z } from "zod";
import { type Fault, InvalidInputError } from "../pipeline/domain/errors.ts";
import { startOfLocalDate } from "../pipeline/domain/local-time.ts";
import type { Camera, CameraSource, Rule } from "../pipeline/domain/types.ts";
import { type CameraFile, cameraFileSchema } from "./camera-file-schema.ts";
import { faultsOf } from "./faults.ts";
import { findViolation } from "./violations.ts";

/** Reads and checks a camera file. Throws `InvalidInputError` with every fault, also when it cannot be read. */
export async function loadCameraFile(path: string): Promise<Camera> {
  return parseCameraFile(await readText(path), path);
}

/** YAML or JSON text as a camera. Throws `InvalidInputError` with every fault; `sourceName` says where it came from. */
export function parseCameraFile(text: string, sourceName: string): Camera {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new InvalidInputError(
      sourceName,
      document.errors.map(({ message }) => ({ path: "", message: `not YAML or JSON: ${message}` })),
    );
  }
  return cameraFromUnknown(document.toJS({ maxAliasCount: 100 }), sourceName);
}

/** A value from outside (a file, a request) as a camera, defaults filled in from the catalogue. */
export function cameraFromUnknown(value: unknown, sourceName = "camera"): Camera {
  const parsed = cameraFileSchema.safeParse(value);
  const faults = [...(parsed.success ? [] : faultsOf(parsed.error)), ...crossFaults(value)];
  if (!parsed.success || faults.length > 0) throw new InvalidInputError(sourceName, faults);
  return toCamera(parsed.data);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidInputError(path, [{ path: "", message: `cannot be read: ${why}` }], { cause });
  }
}

const withIds = z.array(z.object({ id: z.unknown() }).or(z.unknown().transform(() => ({ id: undefined }))));
const ruleLinks = z.array(
  z.object({ zone: z.unknown(), effectiveFrom: z.unknown(), effectiveTo: z.unknown() }).partial().catch({}),
);
const parts = z.object({
  zones: withIds.catch([]),
  rules: z.unknown(),
});

/** What only shows when parts are seen together. Looks at the raw value, so that other faults do not hide these. */
function crossFaults(value: unknown): Fault[] {
  const raw = parts.safeParse(value);
  if (!raw.success) return [];
  const zoneIds = raw.data.zones.map((zone) => zone.id);
  const ruleIds = (withIds.safeParse(raw.data.rules).data ?? []).map((rule) => rule.id);
  const faults = [...repeated(zoneIds, "zones"), ...repeated(ruleIds, "rules")];
  for (const [index, rule] of (ruleLinks.safeParse(raw.data.rules).data ?? []).entries()) {
    if (typeof rule.zone === "string" && !zoneIds.includes(rule.zone)) {
      const known = zoneIds.filter((id) => typeof id === "string").join(", ") || "none";
      faults.push({
        path: `rules[${index}].zone`,
        message: `there is no zone "${rule.zone}"; this camera has: ${known}`,
      });
    }
    if (typeof rule.effectiveFrom === "string" && typeof rule.effectiveTo === "string") {
      if (startOfLocalDate(rule.effectiveTo) <= startOfLocalDate(rule.effectiveFrom)) {
        faults.push({
          path: `rules[${index}].effectiveTo`,
          message: "must be later than effectiveFrom (the end is exclusive)",
        });
      }
    }
  }
  return faults;
}

function repeated(ids: readonly unknown[], list: string): Fault[] {
  return ids.flatMap((id, index) =>
    typeof id === "string" && ids.indexOf(id) < index
      ? [{ path: `${list}[${index}].id`, message: `"${id}" is already ${list}[${ids.indexOf(id)}]` }]
      : [],
  );
}

function toCamera(file: CameraFile): Camera {
  const { source, zones, rules, ...rest } = file;
  return {
    ...rest,
    ...(source === undefined ? {} : { source: toSource(source) }),
    zones: zones.map(({ name, ...zone }) => (name === undefined ? zone : { ...zone, name })),
    rules: rules.map(toRule),
  };
}

function toSource({ subUrl, ...source }: NonNullable<CameraFile["source"]>): CameraSource {
  return subUrl === undefined ? source : { ...source, subUrl };
}

function toRule(rule: CameraFile["rules"][number]): Rule {
  const kind = findViolation(rule.violation);
  if (kind === undefined) throw new Error(`rule ${rule.id} passed the check with an unknown violation`);
  return {
    id: rule.id,
    violation: rule.violation,
    zone: rule.zone,
    labels: rule.labels ?? kind.labels,
    minScore: rule.minScore,
    dwellSeconds: rule.dwellSeconds ?? kind.dwellSeconds,
    stationary: rule.stationary ?? kind.stationary,
    minCount: rule.minCount ?? kind.minCount,
    graceSeconds: rule.graceSeconds ?? kind.graceSeconds,
    schedule: rule.schedule ?? [],
    ...(rule.effectiveFrom === undefined ? {} : { effectiveFrom: rule.effectiveFrom }),
    ...(rule.effectiveTo === undefined ? {} : { effectiveTo: rule.effectiveTo }),
  };
}
