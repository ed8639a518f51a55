import type { CaseFile } from "../../casework/case/case-file.ts";
import type { CaseStep } from "../../casework/case/step-input.ts";
import type { LocalDate } from "../../casework/clocks/clock.ts";
import { localDate } from "../../casework/local-time.ts";
import type { CaseDriver, Told, Who } from "../../casework/stories/story-driver.ts";
import { newId } from "../../runtime/ids.ts";
import type { Act } from "../../store/act.ts";
import { takeCaseStep } from "../../store/case-store.ts";
import { fireCaseClocks, listCasesWithDueClocks } from "../../store/clock-store.ts";
import { withTx } from "../../store/pool.ts";
import type { CasePeople, Client } from "./case-api.ts";
import type { TestApi } from "./test-api.ts";

/** What people do goes over HTTP, each signed in as themselves; the time is the story's. */
export class HttpDriver implements CaseDriver {
  readonly cameraRecords = "evidence";
  readonly #api: TestApi;
  readonly #people: Record<Exclude<Who, "system" | "party" | "reviewer" | "equipmentReviewer">, Client>;

  constructor(api: TestApi, people: CasePeople) {
    this.#api = api;
    this.#people = {
      officer: people.officer,
      colleague: people.colleague,
      unitHead: people.head,
      leader: people.leader,
      deputyLeader: people.deputy,
      legalReviewer: people.legalReviewer,
      hearingHost: people.host,
      publicityEditor: people.editor,
      archivist: people.archivist,
    };
  }

  on(date: LocalDate, time = "10:00"): void {
    this.#api.clock.at = Date.parse(`${date}T${time}:00+08:00`);
  }

  idOf(who: Exclude<Who, "system" | "party">): string {
    const client = this.clientOf(who);
    if (client === undefined) throw new Error(`${who} takes no part in this story`);
    return client.userId;
  }

  clientOf(who: Who): Client | undefined {
    return (this.#people as Partial<Record<Who, Client>>)[who];
  }

  async take(caseId: string, who: Who, step: CaseStep): Promise<Told> {
    const reply = await this.#send(caseId, who, step);
    if (reply.status === 200) return reply.body;
    throw new Error(
      `${localDate(this.#api.clock.at)} ${who} ${step.step}: ${reply.status} ${JSON.stringify(reply.body)}`,
    );
  }

  async refused(caseId: string, who: Who, step: CaseStep): Promise<string> {
    const reply = await this.#send(caseId, who, step);
    if (reply.status === 200) throw new Error(`${step.step} should have been refused and was taken`);
    return reply.body.code;
  }

  async file(caseId: string): Promise<CaseFile> {
    const { body } = await this.#people.officer.get(`/cases/${caseId}`);
    return body.file;
  }

  async fireClocks(): Promise<void> {
    const { pool, context, clock } = this.#api;
    for (const caseId of await listCasesWithDueClocks(pool, localDate(clock.at), "", 1_000))
      await withTx(pool, (tx) => fireCaseClocks(tx, this.#system(), context.casework, caseId));
  }

  /** Sessions last some hours and the story months: people sign in again when theirs is over. */
  async #send(caseId: string, who: Who, step: CaseStep) {
    const client = this.clientOf(who);
    if (client !== undefined) return client.post(`/cases/${caseId}/steps`, step);
    // The bank and the party have doors of their own, each with tests of its own.
    const { pool, context } = this.#api;
    const act: Act =
      who === "party" ? { ...this.#system(), actor: { kind: "party", caseId } } : this.#system();
    const body = await withTx(pool, (tx) => takeCaseStep(tx, act, context.casework, { caseId, step }));
    return { status: 200, body: { ...body, code: "" } };
  }

  #system(): Act {
    return { actor: { kind: "system", name: "test" }, scope: "every", at: this.#api.clock.at, newId };
  }
}
