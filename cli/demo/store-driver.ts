import type pg from "pg";
import type { CaseFile } from "../../casework/case/case-file.ts";
import type { CaseStep } from "../../casework/case/step-input.ts";
import type { LocalDate } from "../../casework/clocks/clock.ts";
import { localDate } from "../../casework/local-time.ts";
import type { Actor } from "../../casework/roles.ts";
import type { CaseDriver, Told, Who } from "../../casework/stories/story-driver.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { readCaseRecord } from "../../store/case-record.ts";
import { type CaseTools, takeCaseStep } from "../../store/case-store.ts";
import { fireCaseClocks, listCasesWithDueClocks } from "../../store/clock-store.ts";
import { RefusedError } from "../../store/errors.ts";
import { checkFilesFor } from "../../store/file-check.ts";
import { withTx } from "../../store/pool.ts";
import type { DemoPeople } from "./demo-people.ts";

/** One line of the demo: what happened, where it led, what was issued or why not. */
export interface TransitionLine {
  readonly type: "transition" | "refused";
  readonly story: string;
  readonly on: LocalDate;
  readonly who: Who;
  readonly step: string;
  readonly state?: string;
  readonly code?: string;
  readonly article?: string;
  readonly messageZh?: string;
  readonly documents?: readonly {
    readonly code: string;
    readonly number: string | null;
    readonly title: string;
  }[];
}

/** Tells stories straight to the store, with the time the story says. */
export class StoreDriver implements CaseDriver {
  readonly #pool: pg.Pool;
  readonly tools: CaseTools;
  readonly #people: DemoPeople;
  readonly #tell: (line: TransitionLine) => void;
  #at = 0;
  /** A recorded clip has no measured clock: what it shows is a clue. */
  readonly cameraRecords = "lead";
  story = "";
  /** What was tried and refused. */
  refusals = 0;

  constructor(pool: pg.Pool, tools: CaseTools, people: DemoPeople, tell: (line: TransitionLine) => void) {
    this.#pool = pool;
    this.tools = tools;
    this.#people = people;
    this.#tell = tell;
  }

  on(date: LocalDate, time = "10:00"): void {
    this.#at = Date.parse(`${date}T${time}:00+08:00`);
  }

  get at(): number {
    return this.#at;
  }

  idOf(who: Exclude<Who, "system" | "party">): string {
    return this.#people[who].userId;
  }

  act(who: Who, caseId?: string): Act {
    return { actor: this.#actor(who, caseId), scope: "every", at: this.#at, newId };
  }

  async take(caseId: string, who: Who, step: CaseStep): Promise<Told> {
    const outcome = await this.#try(caseId, who, step);
    const documents = outcome.documents.map(({ code, number, title }) => ({ code, number, title }));
    this.tell(who, step.step, { state: outcome.state, documents });
    return { caseId, state: outcome.state, documents };
  }

  async refused(caseId: string, who: Who, step: CaseStep): Promise<string> {
    try {
      await this.#try(caseId, who, step);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.refusals += 1;
      const { code, article, messageZh } = error.refusal;
      this.#tell({
        ...{ type: "refused", story: this.story, on: localDate(this.#at), who, step: step.step, code },
        ...(article === undefined ? {} : { article }),
        messageZh,
      });
      return code;
    }
    throw new Error(`${step.step} on ${localDate(this.#at)} should have been refused and was taken`);
  }

  async file(caseId: string): Promise<CaseFile> {
    const record = await readCaseRecord(this.#pool, { scope: "every" }, caseId);
    if (record === undefined) throw new Error(`there is no case ${caseId}`);
    return record.file;
  }

  async fireClocks(): Promise<void> {
    const act = this.act("system");
    for (const caseId of await listCasesWithDueClocks(this.#pool, localDate(act.at), "", 1_000)) {
      const done = await withTx(this.#pool, (tx) => fireCaseClocks(tx, act, this.tools, caseId));
      const { state } = await this.file(caseId);
      for (const step of done) this.tell("system", step, { state, documents: [] });
    }
  }

  /** Prints what happened on the day the story has reached. */
  tell(who: Who, step: string, rest: Partial<TransitionLine>): void {
    this.#tell({ type: "transition", story: this.story, on: localDate(this.#at), who, step, ...rest });
  }

  async #try(caseId: string, who: Who, step: CaseStep) {
    const act = this.act(who, caseId);
    const { filesVerified } = await checkFilesFor(this.#pool, this.tools.objects, act, {
      ...{ caseId, step, ifVersion: undefined },
    });
    return withTx(this.#pool, (tx) => takeCaseStep(tx, act, this.tools, { caseId, step, filesVerified }));
  }

  #actor(who: Who, caseId?: string): Actor {
    if (who === "system") return { kind: "system", name: "demo" };
    if (who === "party") return caseId === undefined ? { kind: "party" } : { kind: "party", caseId };
    const { userId, roles } = this.#people[who];
    return { kind: "user", userId, roles };
  }
}
