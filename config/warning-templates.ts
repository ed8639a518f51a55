import { z } from "zod";
import {
  type AudienceKind,
  audienceKinds,
  type ChannelName,
  channelNames,
} from "../casework/warning/audience.ts";
import { templateFaults } from "../casework/warning/template.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { readCatalogue } from "./catalogue.ts";
import { faultsOf } from "./faults.ts";
import { findViolation } from "./violations.ts";

const FILE = "warning-templates.json";

const keysOf = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as [K, ...K[]];

const template = z
  .strictObject({
    /** Key of the catalogue; null: every matter that has none of its own. */
    violation: z
      .string()
      .refine((key) => findViolation(key) !== undefined, "is not in the catalogue of violations")
      .nullable(),
    audience: z.enum(keysOf(audienceKinds)),
    channels: z.array(z.enum(keysOf(channelNames))).min(1),
    textZh: z.string().min(1),
    textEn: z.string().min(1),
  })
  .superRefine((row, context) => {
    for (const channel of row.channels)
      for (const { path, message } of templateFaults({ ...row, channel }))
        context.addIssue({ code: "custom", path: [path], message });
  });

const catalogue = z.strictObject({ source: z.string().min(1), templates: z.array(template) });

/** The words of one kind of warning over one channel. */
export interface TemplateWords {
  readonly violation: string | null;
  readonly audience: AudienceKind;
  readonly channel: ChannelName;
  readonly textZh: string;
  readonly textEn: string;
}

/** Checks a list of templates; throws `InvalidInputError` with every fault. */
export function templatesFromUnknown(value: unknown, source: string): TemplateWords[] {
  const parsed = catalogue.safeParse(value);
  if (!parsed.success) throw new InvalidInputError(source, faultsOf(parsed.error));
  return parsed.data.templates.flatMap(({ channels, ...words }) =>
    channels.map((channel) => ({ ...words, channel })),
  );
}

/** What is said until an agency has words of its own; checked when this module is first loaded. */
export const defaultTemplates: readonly TemplateWords[] = Object.freeze(
  templatesFromUnknown(readCatalogue(FILE), `config/catalogue/${FILE}`),
);

/** The default for a matter, else that for every matter; undefined: the letter itself is said. */
export function defaultTemplate(
  violation: string,
  audience: AudienceKind,
  channel: ChannelName,
): TemplateWords | undefined {
  const fitting = defaultTemplates.filter((row) => row.audience === audience && row.channel === channel);
  return fitting.find((row) => row.violation === violation) ?? fitting.find((row) => row.violation === null);
}
