import { tellOrdinaryCase } from "../../casework/stories/ordinary-case.ts";
import { tellSimplifiedCase } from "../../casework/stories/simplified-case.ts";
import { type NewCase, openCaseFromIncident } from "../../store/case-store.ts";
import { withTx } from "../../store/pool.ts";
import { type IncidentMaker, recordFootage } from "./demo-incidents.ts";
import type { StoreDriver } from "./store-driver.ts";
import { registerShop, review, settle, warn } from "./warning-steps.ts";

export interface StoryTeller extends IncidentMaker {
  readonly driver: StoreDriver;
  /** What is being done, for a person who waits. */
  say(what: string): void;
}

const at = (date: string, time: string) => Date.parse(`${date}T${time}:00+08:00`);

/** The three ways it can go, on what the sample footage shows. */
export async function tellStories(teller: StoryTeller): Promise<void> {
  const { driver } = teller;
  driver.on("2026-01-05", "08:30");
  driver.story = "corrected";
  const partyId = await registerShop(teller.pool, driver);
  const [first = "", second = ""] = await footage(teller, "2026-01-06");
  await warned(teller, first, partyId, "2026-01-06", "corrected");
  driver.story = "ordinary";
  await warned(teller, second, partyId, "2026-01-06", "corrected");
  const [third = ""] = await footage(teller, "2026-01-13");
  await warned(teller, third, partyId, "2026-01-13", "corrected");
  const [last = ""] = await footage(teller, "2026-01-20");
  await warned(teller, last, partyId, "2026-01-20", "not_corrected");
  driver.on("2026-01-21");
  const caseId = await open(teller, {
    incidentId: last,
    ground: "not_corrected",
    note: "三十日内三次占道经营，劝导后未改正。",
  });
  await tellOrdinaryCase(driver, caseId);
  await tellSimplified(teller);
}

/** Seen, confirmed by a person, warned, looked at again: put right and closed with a word, or not. */
async function warned(
  teller: StoryTeller,
  incidentId: string,
  partyId: string,
  date: string,
  result: "corrected" | "not_corrected",
): Promise<void> {
  const { driver, pool } = teller;
  driver.on(date, "09:30");
  await review(pool, driver, incidentId);
  driver.on(date, "09:40");
  await warn(pool, driver, incidentId, partyId);
  driver.on(date, "10:10");
  const note =
    result === "corrected" ? "复查时摊车已移出人行道，已当场教育。" : "劝导后仍在原处经营，三十日内第三次。";
  await settle(pool, driver, incidentId, result, note);
}

/** A small matter that an officer met on the spot. */
async function tellSimplified(teller: StoryTeller): Promise<void> {
  const { driver, pool } = teller;
  driver.story = "simplified";
  const [incidentId = ""] = await footage(teller, "2026-03-16");
  driver.on("2026-03-16", "09:30");
  await review(pool, driver, incidentId);
  driver.on("2026-03-16", "09:50");
  const caseId = await open(teller, {
    incidentId,
    ground: "repeated",
    note: "同一店铺多次占道经营，执法人员到场处理。",
  });
  await tellSimplifiedCase(driver, caseId);
}

async function footage(teller: StoryTeller, date: string): Promise<string[]> {
  teller.say(`playing the sample footage as of ${date} 回放样例视频 …`);
  const incidents = await recordFootage(teller, at(date, "09:00"));
  if (incidents.length < 2)
    throw new Error(`the sample footage shows two vehicles; ${incidents.length} were found`);
  teller.driver.on(date, "09:05");
  for (const _ of incidents)
    teller.driver.tell("system", "detect", { state: "review_pending", documents: [] });
  return incidents;
}

async function open(teller: StoryTeller, input: NewCase): Promise<string> {
  const { driver, pool } = teller;
  const opened = await withTx(pool, (tx) =>
    openCaseFromIncident(tx, driver.act("officer"), driver.tools, input),
  );
  const documents = opened.documents.map(({ code, number, title }) => ({ code, number, title }));
  driver.tell("officer", "open", { state: opened.state, documents });
  return opened.caseId;
}
