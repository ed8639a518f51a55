import {
  type BadCase,
  bad,
  court,
  decidedWith,
  earlier,
  early,
  filing,
  fresh,
  good,
  present,
  services,
  urging,
} from "./bad-case.ts";

/** SP09–SP14: roles, one act, time bar, deadlines, money, court. */
export const enforcementCases: readonly BadCase[] = [
  // SP09
  bad("an officer who approved the filing", "SP09 approver:filing:officer-b", {
    filing: { ...filing, endorsedBy: "officer-b" },
  }),
  bad("an officer who decided", "SP09 approver:decision:officer-a", {
    decision: decidedWith({ by: "officer-a" }),
  }),
  bad("both levels by one person", "SP09 levels:filing", { filing: { ...filing, endorsedBy: "leader" } }),
  bad("an officer as host", "SP09 host:officer-a", {
    hearing: {
      ...present(good.hearing),
      scheduled: { ...present(present(good.hearing).scheduled), hostId: "officer-a" },
    },
  }),
  bad("the legal reviewer as host", "SP09 host:legal-reviewer", {
    hearing: {
      ...present(good.hearing),
      scheduled: { ...present(present(good.hearing).scheduled), hostId: "legal-reviewer" },
    },
  }),
  bad("an officer who goes on after a recusal", "SP09 recusal:recusal-1", {
    recusals: good.recusals.map((one) => ({
      ...one,
      decision: { granted: true, by: "leader", on: "2026-01-26" },
    })),
  }),
  bad("a recusal that nobody decided", "SP09 recusal_open:recusal-1", {
    recusals: good.recusals.map((one) => ({ ...one, decision: null })),
  }),
  // SP10
  bad("a second fine for the same act", "SP10 case:case-0", {}, () => ({ earlierDecisions: [earlier] })),
  // SP11
  bad("an act of more than two years ago", "SP11 filing", {
    act: {
      ...good.act,
      startedAt: Date.parse("2024-01-20T09:00:00+08:00"),
      endedAt: Date.parse("2024-01-21T09:00:00+08:00"),
    },
  }),
  // SP12
  bad(
    "a clue that lies about",
    "SP12 clue",
    early({ state: "filing_pending", filing: { ...filing, endorsedBy: null, filedBy: null, filedOn: null } }),
    () => ({ today: "2026-02-05", published: null }),
  ),
  bad("an order nobody checked", "SP12 order:order-1", {
    orders: good.orders.map((one) => ({ ...one, recheck: null })),
  }),
  // SP13
  bad("a surcharge above the fine", "SP13 urging:doc-urging", {
    urging: { ...urging, surchargeFen: 1_030_000 },
  }),
  bad("a surcharge that was never announced", ["SP13 urging:doc-urging", "SP13 court:doc-court"], {
    decision: decidedWith({ surchargeAnnounced: false }),
  }),
  bad("a surcharge for the days of a review", "SP13 urging:doc-urging", {
    ...{ state: "urged", court: null },
    reviews: [
      {
        filedOn: "2026-03-20",
        via: "this_agency",
        forwardedOn: "2026-03-23",
        outcome: { kind: "upheld", receivedOn: "2026-08-18" },
      },
    ],
  }),
  bad("a surcharge that does not add up", "SP13 urging:doc-urging", {
    ...{ state: "urged", court: null },
    urging: { ...urging, issuedOn: "2026-04-04", servedOn: "2026-04-07", surchargeFen: 330_000 },
    services: services("doc-urging", { attemptedOn: "2026-04-07", servedOn: "2026-04-07" }),
  }),
  bad("a wrong amount before the court", "SP13 court:doc-court", {
    court: { ...court, amountFen: 2_100_000 },
  }),
  bad(
    "more collected than was due",
    "SP13 collected",
    fresh({
      payment: {
        code: "pay-1",
        receipts: [{ receiptNo: "R-1", paidOn: "2026-03-25", amountFen: 1_000_100 }],
        deferral: null,
      },
    }),
  ),
  // SP14
  bad("the court asked on the last day to sue", "SP14 window:doc-court", {
    court: { ...court, appliedOn: "2026-09-10" },
  }),
  bad(
    "the court asked a day too late",
    "SP14 window:doc-court",
    { court: { ...court, appliedOn: "2026-12-11" } },
    () => ({ today: "2026-12-14" }),
  ),
  bad("the court asked while a review runs", "SP14 window:doc-court", {
    reviews: [{ filedOn: "2026-09-10", via: "review_body", forwardedOn: null, outcome: null }],
  }),
  bad("the court asked without urging", "SP14 urging:doc-court", { urging: null }),
  bad("the court asked on the urging's last day", "SP14 urging:doc-court", {
    urging: { ...urging, servedOn: "2026-08-28" },
    services: services("doc-urging", { attemptedOn: "2026-08-28", servedOn: "2026-08-28" }),
  }),
  bad("the court asked before the party's answer to the urging was reviewed", "SP14 statement:statement-2", {
    statements: [
      ...good.statements,
      {
        ...present(good.statements[0]),
        statementId: "statement-2",
        about: "urging",
        receivedOn: "2026-08-25",
        review: null,
      },
    ],
  }),
];
