import { z } from "zod";
import type { LocalDate } from "../casework/clocks/clock.ts";
import type { ParameterSetting } from "../casework/law-book.ts";
import {
  type ParameterKey,
  type Parameters,
  parameterKinds,
  type SourceTag,
} from "../casework/parameters.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { faultsOf } from "./faults.ts";
import { findLaw } from "./laws.ts";
import {
  isParameterKey,
  type ParameterKind,
  type ParameterValue,
  parameterKeys,
  valueSchemaOf,
} from "./parameter-values.ts";
import { isInForce, isOrdered, localDateSchema, overlap } from "./validity.ts";

export { parameterValueSchema } from "./parameter-values.ts";

const FILE = "parameters.json";

const row = z
  .strictObject({
    key: z.string().refine(isParameterKey, { error: "is no parameter", abort: true }),
    value: z.unknown(),
    /** T: text read in full. S: secondary source. M: from memory. P: our own default. */
    tag: z.enum(["T", "S", "M", "P"]),
    confirmed: z.boolean(),
    /** The provision, `xzcf:60`, or the law alone where the article is not known. */
    basis: z
      .string()
      .regex(/^[a-z][a-z0-9]*(:\d+(\(\d+\))*)?$/)
      .refine((basis) => findLaw(basis.split(":")[0] ?? "") !== undefined, "names a law that laws.json lacks")
      .nullable(),
    zh: z.string().min(1),
    note: z.string().min(1).nullable(),
    validFrom: localDateSchema.nullable(),
    validTo: localDateSchema.nullable(),
  })
  .refine(({ confirmed, tag }) => !confirmed || tag === "T" || tag === "P", {
    path: ["confirmed"],
    message: "what is second-hand or remembered waits for somebody to confirm it",
  })
  .refine(isOrdered, { path: ["validTo"], message: "is before validFrom" })
  .superRefine(({ key, value }, context) => {
    const parsed = valueSchemaOf(key).safeParse(value);
    if (parsed.success) return;
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: "custom", path: ["value", ...path], message });
  });

const catalogue = z.strictObject({
  source: z.string().min(1),
  parameters: z.array(row).superRefine((rows, context) => {
    rows.forEach((each, index) => {
      if (!rows.slice(0, index).some((other) => other.key === each.key && overlap(other, each))) return;
      const message = `two values of ${each.key} are in force at once`;
      context.addIssue({ code: "custom", path: [index, "validFrom"], message });
    });
    for (const key of parameterKeys) {
      if (rows.some((each) => each.key === key && each.validTo === null)) continue;
      context.addIssue({ code: "custom", path: [], message: `${key} has no value that goes on` });
    }
  }),
});

type Row = z.infer<typeof row>;

/** A parameter as an administrator sees it. */
export interface ParameterRow {
  readonly key: ParameterKey;
  readonly kind: ParameterKind;
  readonly zh: string;
  readonly note: string | null;
  readonly value: ParameterValue;
  /** How sure the catalogue is of its own value. */
  readonly tag: SourceTag;
  readonly basis: string | null;
  readonly confirmed: boolean;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
  /** The setting that counts instead of the catalogue's value; null where that stands. */
  readonly setting: Pick<ParameterSetting, "confirmedBy" | "confirmedOn" | "source"> | null;
}

/** Checks a catalogue; throws `InvalidInputError` with every fault. */
export function parametersFromUnknown(value: unknown, source: string): readonly Row[] {
  const parsed = catalogue.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  return parsed.data.parameters;
}

const rows = parametersFromUnknown(readCatalogue(FILE), `config/catalogue/${FILE}`);

/**
 * The parameters in force on that day. A setting in force wins over the catalogue and counts as confirmed. `get` throws
 * `RangeError` for a day before the rule existed; a setting whose value does not fit throws `InvalidInputError`.
 */
export function parametersOn(date: LocalDate, settings: readonly ParameterSetting[] = []): Parameters {
  const inForce = new Map(listParameters(date, settings).map((each) => [each.key, each]));
  const find = (key: ParameterKey): ParameterRow => {
    const found = inForce.get(key);
    if (found === undefined) throw new RangeError(`there is no ${key} for ${date}`);
    return found;
  };
  return {
    // The schema of each key's kind was asked when its row was read.
    get: ((key: ParameterKey) => find(key).value) as Parameters["get"],
    isConfirmed: (key) => find(key).confirmed,
  };
}

/** Every parameter that has a value on that day, in the catalogue's order. */
export function listParameters(date: LocalDate, settings: readonly ParameterSetting[] = []): ParameterRow[] {
  return parameterKeys.flatMap((key) => {
    const stated = rows.find((each) => each.key === key && isInForce(each, date));
    const set = settingOn(key, date, settings);
    // A parameter keeps its name and its tag on days for which only an agency knows a value.
    const described = stated ?? rows.find((each) => each.key === key);
    if (described === undefined || (stated === undefined && set === undefined)) return [];
    const { zh, note, tag, basis } = described;
    const { value, confirmed, validFrom, validTo } = set ?? described;
    return [
      {
        key,
        kind: parameterKinds[key],
        zh,
        note,
        tag,
        basis,
        value: value as ParameterValue,
        confirmed,
        validFrom,
        validTo,
        setting: set?.setting ?? null,
      },
    ];
  });
}

/** Of several in force the one that began last counts, then the one confirmed last. */
function settingOn(key: ParameterKey, date: LocalDate, settings: readonly ParameterSetting[]) {
  const order = ({ validFrom, confirmedOn }: ParameterSetting) => `${validFrom ?? ""}/${confirmedOn}`;
  const [newest] = settings
    .filter((setting) => setting.key === key && isInForce(setting, date))
    .sort((one, other) => (order(one) > order(other) ? -1 : 1));
  if (newest === undefined) return undefined;
  const parsed = valueSchemaOf(key).safeParse(newest.value);
  if (!parsed.success) throw new InvalidInputError(`parameter ${key}`, faultsOf(parsed.error));
  const { confirmedBy, confirmedOn, source, validFrom, validTo } = newest;
  return {
    value: parsed.data,
    confirmed: true,
    validFrom,
    validTo,
    setting: { confirmedBy, confirmedOn, source },
  };
}
