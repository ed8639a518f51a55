import { describe, expect, it } from "vitest";
import { caseStepBody } from "../../api/schemas/case-steps.ts";
import type { CaseFile } from "../../casework/case/case-file.ts";
import { stepNames } from "../../casework/case/case-table.ts";
import type { CaseDoc } from "./case-api.ts";
import { caseForms, isIdle } from "./case-forms.ts";
import {
  type About,
  bodyOf,
  type Field,
  initialState,
  openedGroup,
  shownFields,
  type Values,
} from "./form-fields.ts";

const on = "2026-03-10";
const file = {
  violation: "street_vending",
  act: { startedAt: 0, endedAt: 0, place: "人民南路二段", summary: "", seriousHarm: false },
  party: null,
  handlers: ["usr_1", "usr_2"],
  overlays: [],
  evidence: [{ evidenceId: "ev_1", kind: "photo", title: "照片", verified: null, withdrawn: null }],
  recusals: [{ recusalId: "rec_1", personId: "usr_1", reason: "亲属", decision: null }],
  preservations: [{ preservationId: "pre_1", items: ["推车"], resolved: null }],
  orders: [{ orderId: "ord_1", docId: "doc_2", what: "移走", dueOn: on, recheck: null }],
  statements: [{ statementId: "sta_1", receivedOn: on, text: "有许可", review: null }],
  services: [{ serviceId: "srv_1", code: "D09", outcome: "running", attemptedOn: on }],
  findings: null,
  notice: null,
  computation: null,
  addressConfirmation: null,
} as unknown as CaseFile;
const decision = {
  docId: "doc_1",
  code: "D09",
  title: "行政处罚决定书",
  number: "1",
  replacedBy: null,
  voidedAt: null,
};
const about: About = {
  file,
  documents: [decision as unknown as CaseDoc],
  people: [
    ["usr_1", "甲"],
    ["usr_2", "乙"],
  ],
  colleagues: [
    { userId: "usr_1", displayName: "甲", roles: ["officer"] },
    { userId: "usr_2", displayName: "乙", roles: ["officer"] },
    { userId: "usr_3", displayName: "丙", roles: ["hearing_host"] },
    { userId: "usr_4", displayName: "丁", roles: ["agency_leader"] },
  ],
  me: "usr_1",
  today: on,
};

/** Fills in every field, those that may stay empty too. */
function fill(fields: readonly Field[], group: Values, form: Values = group): Values {
  for (const field of shownFields(fields, form, group)) {
    const now = group[field.name];
    switch (field.kind) {
      case "text":
        group[field.name] =
          { unifiedCode: "92510107MA00000001", phone: "13800000000", sha256: "a".repeat(64) }[field.name] ??
          "川A12345";
        break;
      case "long":
      case "lines":
        group[field.name] = "写明情况";
        break;
      case "date":
        group[field.name] = on;
        break;
      case "time":
        group[field.name] = "09:30";
        break;
      case "moment":
        group[field.name] = `${on}T09:30`;
        break;
      case "number":
        group[field.name] = "35";
        break;
      case "money":
        group[field.name] = "200.5";
        break;
      case "bool":
        group[field.name] = true;
        break;
      case "choice":
        group[field.name] = field.options(about)[0]?.[0] ?? "usr_1";
        break;
      case "choices":
        group[field.name] = field.options(about).map(([value]) => value);
        break;
      case "group":
        group[field.name] = fill(field.fields, (now as Values | null) ?? openedGroup(field, about), form);
        break;
      case "rows":
        group[field.name] = [fill(field.fields, initialState(field.fields, about), form)];
        break;
    }
  }
  return group;
}

describe("the form of a step", () => {
  it.each(stepNames)("%s: filled in, it is what the API takes", (step) => {
    const body = {
      step,
      ...bodyOf(caseForms[step], fill(caseForms[step], initialState(caseForms[step], about))),
    };
    const parsed = caseStepBody.safeParse(body);
    expect(parsed.error?.issues ?? []).toEqual([]);
    // Nothing was left for the schema to fill in: each of its fields stands in the form.
    const hidden = step === "set_party" || step === "serve" || step === "add_evidence";
    if (!hidden) expect(body).toEqual(parsed.data);
  });

  it("may go below the statute's minimum, where the law lets the penalty be mitigated", () => {
    const state = initialState(caseForms.conclude_investigation, about);
    const form = fill(caseForms.conclude_investigation, state);
    (form.findings as Values).fractionPermille = "-50";
    const body = { step: "conclude_investigation", ...bodyOf(caseForms.conclude_investigation, form) };
    expect(caseStepBody.safeParse(body).data).toMatchObject({ findings: { fractionPermille: -50 } });
    (form.findings as Values).fractionPermille = "-1001";
    const below = { step: "conclude_investigation", ...bodyOf(caseForms.conclude_investigation, form) };
    expect(caseStepBody.safeParse(below).success).toBe(false);
  });

  it("leaves out what may be left out: no proposal of one's own, no address that was not asked for", () => {
    expect(bodyOf(caseForms.issue_notice, initialState(caseForms.issue_notice, about))).toEqual({});
    const serve = initialState(caseForms.serve, about);
    serve.method = "direct";
    (serve.details as Values).receiver = "本人";
    (serve.details as Values).trackingNo = "EMS1";
    expect(bodyOf(caseForms.serve, serve)).toMatchObject({
      officers: ["usr_1", "usr_2"],
      on,
      details: { receiver: "本人" },
    });
    expect(bodyOf(caseForms.serve, serve).details).not.toHaveProperty("trackingNo");
  });

  it("begins a proposal with the notice's, else with the computed amount", () => {
    const computation = { basisId: "street_vending.csdl-42", fineFen: 1_700_000 };
    const computed = { ...about, file: { ...file, computation } as CaseFile };
    expect(bodyOf(caseForms.submit_decision, initialState(caseForms.submit_decision, computed))).toEqual({
      penalty: { kinds: ["fine"], fineFen: 1_700_000, confiscation: null, basisId: "street_vending.csdl-42" },
    });
    const proposal = {
      kinds: ["warning"],
      fineFen: 0,
      confiscation: null,
      basisId: "street_vending.csdl-42",
    };
    const noticed = { ...about, file: { ...computed.file, notice: { proposal } } as unknown as CaseFile };
    expect(bodyOf(caseForms.submit_decision, initialState(caseForms.submit_decision, noticed))).toEqual({
      penalty: proposal,
    });
  });
});

it("offers for each part in a case whoever may play it", () => {
  const offered = (fields: readonly Field[], name: string) => {
    const field = fields.find((one) => one.name === name);
    if (field?.kind !== "choice" && field?.kind !== "choices") throw new Error(`${name} is no choice`);
    return field.options(about).map(([userId]) => userId);
  };
  expect(offered(caseForms.assign_officers, "officers")).toEqual(["usr_1", "usr_2"]);
  expect(offered(caseForms.serve, "officers")).toEqual(["usr_1", "usr_2"]);
  expect(offered(caseForms.schedule_hearing, "hostId")).toEqual(["usr_3"]);
  expect(offered(caseForms.conclude_discussion, "members")).toEqual(["usr_4"]);
  // A hearing that was asked for stands in the list of what is to be done, host or no host.
  expect(isIdle("schedule_hearing", { ...about, colleagues: [] })).toBe(false);
});

describe("a step that has nothing to be about", () => {
  it("is not offered: nothing to serve, no order to look at again, nobody to hear", () => {
    const empty = { ...about, documents: [], file: { ...file, orders: [], statements: [] } as CaseFile };
    for (const step of ["serve", "recheck_order", "review_statement", "resume"] as const)
      expect([step, isIdle(step, empty)]).toEqual([step, true]);
    for (const step of ["serve", "recheck_order", "review_statement", "decide", "set_party"] as const)
      expect([step, isIdle(step, about)]).toEqual([step, false]);
  });

  it("does not count what stays in the file, was replaced or voided, among what is served", () => {
    const others = [
      { ...decision, code: "N13" },
      { ...decision, replacedBy: "doc_9" },
      { ...decision, voidedAt: on },
    ];
    expect(isIdle("serve", { ...about, documents: others as unknown as CaseDoc[] })).toBe(true);
  });
});
