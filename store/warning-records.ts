import type { DocumentDraft } from "../casework/documents/document-codes.ts";
import { formatZh } from "../casework/local-time.ts";
import {
  type AudienceKind,
  audienceKinds,
  type ChannelName,
  channelNames,
} from "../casework/warning/audience.ts";
import type { WarningResult } from "../casework/warning/ladder.ts";
import { type LookResult, lookResults } from "../casework/warning/recheck-verdict.ts";
import { type DeliveryState, type Letter, letterText, warningStates } from "../casework/warning/warning.ts";
import type { IncidentWords } from "./incident-words.ts";
import type { Queryable } from "./pool.ts";

/** A warning that has no record (W01) yet, with what the record says. */
export interface UnrecordedWarning {
  readonly warningId: string;
  readonly fields: DocumentDraft["fields"];
}

/** The warnings of an incident that nobody has made a record of, first rung first. */
export async function readUnrecordedWarnings(
  db: Queryable,
  incidentId: string,
  words: IncidentWords,
): Promise<UnrecordedWarning[]> {
  const rows = await readWarnings(db, incidentId);
  return rows.map((row) => ({ warningId: row.warningId, fields: warningFields(row, words) }));
}

interface WarningRow {
  readonly warningId: string;
  readonly level: number;
  readonly letterZh: Letter;
  readonly approvedBy: string | null;
  readonly at: Date;
  readonly audience: AudienceKind;
  /** Who it was made out to, or the registered party's name. */
  readonly addressee: string | null;
  readonly plateTail: string | null;
  readonly deliveries: readonly { readonly channel: string; readonly state: DeliveryState }[];
  /** What an officer stated; null while nobody has. */
  readonly result: WarningResult | null;
  readonly seen: LookResult | null;
}

async function readWarnings(db: Queryable, incidentId: string): Promise<WarningRow[]> {
  const { rows } = await db.query<WarningRow>(
    `select warnings.id as "warningId", warnings.level, warnings.letter_zh as "letterZh", users.display_name as "approvedBy",
       warnings.created_at as at, warnings.audience, warnings.plate_tail as "plateTail", warnings.result,
       coalesce(warnings.addressee, parties.name) as addressee,
       (select coalesce(json_agg(json_build_object('channel', delivery.channel, 'state', delivery.state)
          order by delivery.channel), '[]')
        from warning_deliveries as delivery where delivery.warning_id = warnings.id) as deliveries,
       (select rechecks.result from rechecks where rechecks.warning_id = warnings.id and rechecks.state = 'done'
        order by rechecks.done_at desc limit 1) as seen
     from warnings left join users on users.id = warnings.created_by
     left join responsible_parties as parties on parties.id = warnings.party_id
     where warnings.incident_id = $1 and warnings.record_doc_id is null order by warnings.level`,
    [incidentId],
  );
  return rows;
}

const stated = { corrected: "已改正", not_corrected: "未改正" } as const;
const progress = { ...warningStates, pending: warningStates.draft } as const;

function warningFields(warning: WarningRow, words: IncidentWords): DocumentDraft["fields"] {
  const { deliveries, result, seen, approvedBy, addressee, plateTail } = warning;
  const named = plateTail === null ? audienceKinds[warning.audience].zh : `车牌尾号${plateTail}车辆所有人`;
  const told = deliveries.map(({ channel, state }) => ({ by: channelZh(channel), state: progress[state] }));
  return {
    ...words.fields,
    target: addressee ?? named,
    channel: told.length > 0 ? told.map(({ by }) => by).join("、") : "当面告知",
    said: letterText(warning.letterZh),
    sentAt: formatZh(warning.at.getTime()),
    approvedBy,
    receipt: told.map(({ by, state }) => `${by}：${state}`).join("；") || null,
    // What an officer stated goes before what the camera proposed.
    result: result !== null ? stated[result] : seen === null ? null : `复查：${lookResults[seen].zh}`,
  };
}

function channelZh(channel: string): string {
  return channel in channelNames ? channelNames[channel as ChannelName].zh : channel;
}
