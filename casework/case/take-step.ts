import { MissingCalendarError } from "../clocks/clock.ts";
import { type Refusal, refused } from "../refusal.ts";
import { type Actor, refuseWithout } from "../roles.ts";
import type { CaseFile } from "./case-file.ts";
import { type CaseState, caseStates } from "./case-states.ts";
import { caseTable, stepNames, type TableRow } from "./case-table.ts";
import type { Effect, StepContext, StepEffect } from "./engine.ts";
import { guards } from "./guards/guards.ts";
import { involved } from "./involved.ts";
import type { StepFacts, StepResult } from "./step-facts.ts";
import type { CaseStep, StepName } from "./step-input.ts";
import { effects } from "./steps/effects.ts";

/**
 * Open also while the case stands still (中止): what the party is owed and what has its own time goes on. The party itself
 * is never told to wait.
 */
const WHILE_SUSPENDED: readonly StepName[] = [
  "resume",
  "terminate",
  "transfer",
  "receive_statement",
  "ask_recusal",
  "decide_recusal",
  "withdraw_evidence",
  "confirm_address",
  "revoke_address",
  "request_hearing",
  "review_statement",
  "recheck_order",
  "resolve_preservation",
  "serve",
  "complete_public_notice",
];

/** Fields that say when something happened. */
const PAST_DATES: readonly string[] = ["attemptedOn", "paidOn", "filedOn", "receivedOn", "signedOn"];

/**
 * Takes one step of a case, or says why not: the state first, then who, then every guard of the table, then what the step
 * itself cannot do. `also` holds whatever else stands in the way, so that people see all of it at once. Pure: the file
 * comes back as a new one, with the documents to issue; numbers and files of documents are the store's.
 */
export function takeStep(file: CaseFile, step: CaseStep, actor: Actor, facts: StepFacts): StepResult {
  const context: StepContext = { file, step, actor, facts };
  const row: TableRow = caseTable[step.step];
  const start = refuseStart(file, step.step, actor) ?? refuseDamaged(facts);
  if (start !== null) return refused(start);
  try {
    const [first, ...also] = [
      refuseFuture(step, facts),
      ...row.guards.map((name) => guards[name](context)),
    ].filter((refusal) => refusal !== null);
    if (first !== undefined) return { ...refused(first), also };
    const effect = (effects[step.step] as Effect<StepName>)(context);
    if ("ok" in effect) return effect;
    return { ok: true, ...settle(context, row, effect), why: effect.why ?? null };
  } catch (error) {
    if (error instanceof MissingCalendarError) return refused(calendarMissing(error.year));
    throw error;
  }
}

/** Steps this actor could start now; guards are asked when one is taken. */
export function openSteps(file: CaseFile, actor: Actor): StepName[] {
  return stepNames.filter((name) => refuseStart(file, name, actor) === null);
}

function settle(
  context: StepContext,
  row: TableRow,
  effect: StepEffect,
): Pick<Extract<StepResult, { ok: true }>, "file" | "documents"> {
  const { file, facts } = context;
  const [only] = row.to;
  const state = effect.state ?? (row.to.length === 1 && only !== undefined ? only : file.state);
  if (state !== file.state && !row.to.includes(state))
    throw new Error(`${row.ref} ${row.zh}: the table does not lead from ${file.state} to ${state}`);
  const documents = effect.documents ?? [];
  return {
    file: {
      ...file,
      ...effect.changes,
      ...involved(context, row),
      state,
      documents: [
        ...file.documents,
        ...documents.map(({ docId, code, replaces }) => ({
          docId,
          code,
          issuedOn: facts.today,
          number: null,
          replaces: replaces ?? null,
        })),
      ],
    },
    documents,
  };
}

function refuseStart(file: CaseFile, name: StepName, actor: Actor): Refusal | null {
  const row: TableRow = caseTable[name];
  if (!row.from.includes(file.state)) return illegalMove(file.state, row);
  return refuseActor(row, file, actor) ?? refuseSuspended(file, name, actor);
}

function refuseActor(row: TableRow, file: CaseFile, actor: Actor): Refusal | null {
  if (actor.kind === "party" && row.partyToo === true && actor.caseId === file.caseId) return null;
  if (actor.kind === "system" && (row.by === null || row.systemToo === true)) return null;
  if (row.by === null) {
    return {
      code: "case.system_step",
      messageZh: `“${row.zh}”由系统办理，不能手工执行。`,
      messageEn: `The system takes this step (${row.ref}); nobody takes it by hand.`,
    };
  }
  return refuseWithout(row.by, actor);
}

function refuseSuspended(file: CaseFile, name: StepName, actor: Actor): Refusal | null {
  if (actor.kind === "party") return null;
  if (!file.overlays.includes("suspended") || WHILE_SUSPENDED.includes(name)) return null;
  return {
    code: "case.suspended",
    messageZh: "案件已中止调查，请先恢复。",
    messageEn: "The case is suspended; resume it first.",
  };
}

/** What was sealed or issued is not what lies there now: the case is frozen until somebody has looked into it. */
function refuseDamaged({ filesVerified }: StepFacts): Refusal | null {
  if (filesVerified !== false) return null;
  return {
    code: "evidence.hash_mismatch",
    article: "xzcf:47",
    messageZh: "本案的证据或文书文件与封存、签发时不一致，案件已冻结，请先核查文件。",
    messageEn:
      "A file of this case is not as it was sealed or issued; the case is frozen until that is looked into.",
  };
}

function illegalMove(state: CaseState, row: TableRow): Refusal {
  return {
    code: "case.illegal_move",
    messageZh: `案件当前为“${caseStates[state]}”，不能办理“${row.zh}”。`,
    messageEn: `The case is ${state}; this step (${row.ref}) is not open.`,
  };
}

function refuseFuture(step: CaseStep, facts: StepFacts): Refusal | null {
  const dates = Object.entries(step).filter(
    ([field]) => PAST_DATES.includes(field) || (field === "on" && step.step !== "schedule_hearing"),
  );
  const future = dates.find(([, date]) => typeof date === "string" && date > facts.today);
  if (future === undefined) return null;
  return {
    code: "case.date_in_future",
    messageZh: `日期 ${String(future[1])} 在今天（${facts.today}）之后，请核对。`,
    messageEn: `${future[0]} ${String(future[1])} lies after today, ${facts.today}.`,
  };
}

function calendarMissing(year: number): Refusal {
  return {
    code: "clock.calendar_missing",
    messageZh: `尚未载入${year}年的工作日安排，期限无法计算。请管理员按国务院办公厅通知载入后再办理。`,
    messageEn: `The working-day calendar of ${year} is not loaded, so this deadline cannot be computed. Load it, then try again.`,
  };
}
