import type { AudienceKind, ChannelName } from "../casework/warning/audience.ts";
import { templateFaults } from "../casework/warning/template.ts";
import { InvalidInputError } from "../pipeline/domain/errors.ts";
import { type Act, iso } from "./act.ts";
import { StaleVersionError } from "./errors.ts";
import { personOf } from "./evidence-record.ts";
import type { Queryable, Tx } from "./pool.ts";

export interface NewTemplate {
  /** Null: every matter that has none of its own. */
  readonly violation: string | null;
  readonly channel: ChannelName;
  readonly audience: AudienceKind;
  readonly textZh: string;
  readonly textEn: string;
  /** Local date. */
  readonly validFrom: string;
}

export interface Template extends NewTemplate {
  readonly templateId: string;
  readonly version: number;
  readonly createdByName: string;
  readonly createdAt: string;
}

/**
 * The next version of the words for a matter, an audience and a channel. Earlier versions stay: what was said can be
 * told.
 *
 * @param seen the version the author has read, 0 where there was none; undefined: whatever there is
 * @throws InvalidInputError naming every fault of the words, StaleVersionError
 */
export async function addTemplate(
  tx: Tx,
  act: Act,
  template: NewTemplate,
  seen?: number,
): Promise<{ templateId: string; version: number }> {
  const faults = templateFaults(template);
  if (faults.length > 0) throw new InvalidInputError("template", faults);
  const { violation, channel, audience } = template;
  const key = `${violation ?? "*"} ${channel} ${audience}`;
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`warning_templates ${key}`]);
  const { rows } = await tx.query<{ version: number }>(
    `select coalesce(max(templates.version), 0) as version from warning_templates as templates
     where templates.violation is not distinct from $1 and templates.channel = $2 and templates.audience = $3`,
    [violation, channel, audience],
  );
  const before = rows[0]?.version ?? 0;
  if (seen !== undefined && seen !== before) throw new StaleVersionError("template", key, seen, before);
  const templateId = act.newId("tpl");
  await tx.query(
    `insert into warning_templates (id, violation, channel, audience, version, text_zh, text_en, created_by,
       created_at, valid_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      templateId,
      violation,
      channel,
      audience,
      before + 1,
      template.textZh,
      template.textEn,
      personOf(act),
      new Date(act.at),
      template.validFrom,
    ],
  );
  return { templateId, version: before + 1 };
}

const COLUMNS = `templates.id as "templateId", templates.violation, templates.channel, templates.audience,
  templates.version, templates.text_zh as "textZh", templates.text_en as "textEn",
  users.display_name as "createdByName", templates.created_at as "createdAt",
  templates.valid_from::text as "validFrom"`;

/** The newest version of each, whether or not it is in force yet. */
export async function listTemplates(db: Queryable): Promise<Template[]> {
  const { rows } = await db.query<Omit<Template, "createdAt"> & { createdAt: Date }>(
    `select distinct on (coalesce(templates.violation, ''), templates.channel, templates.audience) ${COLUMNS}
     from warning_templates as templates join users on users.id = templates.created_by
     order by coalesce(templates.violation, ''), templates.channel, templates.audience, templates.version desc`,
  );
  return rows.map((row) => ({ ...row, createdAt: iso(row.createdAt) }));
}

/** The words in force on a local day: the matter's own before those for every matter; undefined: the agency has none. */
export async function findTemplate(
  db: Queryable,
  wanted: {
    readonly violation: string;
    readonly channel: ChannelName;
    readonly audience: AudienceKind;
    readonly on: string;
  },
): Promise<{ textZh: string; textEn: string } | undefined> {
  const { rows } = await db.query<{ textZh: string; textEn: string }>(
    `select templates.text_zh as "textZh", templates.text_en as "textEn" from warning_templates as templates
     where (templates.violation = $1 or templates.violation is null) and templates.channel = $2
       and templates.audience = $3 and templates.valid_from <= $4
     order by templates.violation nulls last, templates.version desc limit 1`,
    [wanted.violation, wanted.channel, wanted.audience, wanted.on],
  );
  return rows[0];
}
