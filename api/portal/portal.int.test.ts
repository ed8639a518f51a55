import { createHash } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseFile } from "../../casework/case/case-file.ts";
import { tempDir } from "../../pipeline/evidence/testing/bundle-fixture.ts";
import { verifyBundle } from "../../pipeline/evidence/verify.ts";
import { ensureVerifier } from "../../scripts/lib/verifier.mjs";
import { sealedIncident } from "../testing/test-incidents.ts";
import { cameraEvidence, confirmRecord } from "./testing/portal-case.ts";
import { openPortalDesk, type PortalDesk } from "./testing/portal-desk.ts";

describe("the citizen's side", () => {
  let desk: PortalDesk;
  let api: PortalDesk["api"];
  let app: PortalDesk["app"];
  let officer: PortalDesk["officer"];
  let colleague: PortalDesk["colleague"];
  let stored: PortalDesk["stored"];
  let asOfficer: PortalDesk["asOfficer"];
  let open: PortalDesk["open"];
  let inside: PortalDesk["inside"];
  let fileNow: PortalDesk["fileNow"];
  let timelineOf: PortalDesk["timelineOf"];
  beforeAll(async () => {
    await ensureVerifier();
    desk = await openPortalDesk();
    ({ api, app, officer, colleague, stored, asOfficer, open, inside, fileNow, timelineOf } = desk);
  });
  afterAll(() => desk.close());

  it("shows the party their own case and nobody else anything", async () => {
    const { bearer, file } = await inside();
    const { body } = await app.portal(bearer, "GET", "/case");
    expect(body).toMatchObject({
      caseNo: file.caseNo,
      partyName: "张三",
      stateZh: "履行中",
      documents: [{ code: "D09", servedOn: "2026-03-10" }],
      amount: { unpaidFen: 100_000 },
      mayNow: ["review_application", "address_confirmation"],
    });
    expect(body.agency.phone).toBe("028-00000000");
    for (const secret of [officer, colleague, "unit-head", "510107199006011234", "13800000000"])
      expect(JSON.stringify(body)).not.toContain(secret);
    for (const path of ["/case", "/payment", "/receipts", "/evidence"])
      expect([path, (await app.portal(null, "GET", path)).status]).toEqual([path, 401]);
    expect(await app.portal(bearer, "GET", "/record")).toMatchObject({
      status: 404,
      body: { code: "portal.not_of_this_link" },
    });
  });

  it("hands out what was served on the party, and no other paper of this or another case", async () => {
    const form = { docId: "", code: "N13", issuedOn: "2026-03-05", number: null, replaces: null } as const;
    const { bearer, file } = await inside((placed) => ({
      documents: [...placed.documents, { ...form, docId: `${placed.caseId}x` }],
    }));
    const other = await stored();
    const get = (docId: string | undefined) => app.portal(bearer, "GET", `/documents/${docId}/file`);
    const mine = await get(file.documents[0]?.docId);
    expect([mine.status, mine.headers.get("content-type"), mine.bytes.subarray(0, 5).toString()]).toEqual([
      200,
      "application/pdf",
      "%PDF-",
    ]);
    expect((await get(file.documents[1]?.docId)).status).toBe(404);
    expect((await get(other.documents[0]?.docId)).status).toBe(404);
  });

  it("shows the masked record, and hands out a zip that verifies", async () => {
    const { incidentId } = await sealedIncident(api);
    await confirmRecord(api, incidentId);
    const { incidentId: unconfirmed } = await sealedIncident(api);
    const { incidentId: rejected } = await sealedIncident(api);
    await api.pool.query(
      `insert into reviews (id, incident_id, reviewer, verdict, tests, reason, at)
       values ('rev_of_portal_test', $1, $2, 'rejected', '{}', 'not_clear', now())`,
      [rejected, desk.officer],
    );
    const { incidentId: foreign } = await sealedIncident(api);
    await confirmRecord(api, foreign);
    const { bearer } = await inside(() => ({
      evidence: [incidentId, unconfirmed, rejected].map((id) => cameraEvidence(id)),
    }));
    const { items } = (await app.portal(bearer, "GET", "/evidence")).body;
    expect(items.map((item: { incidentId: string }) => item.incidentId)).toEqual([incidentId]);
    for (const { path } of items[0].files) expect(path).toMatch(/^masked\//);
    const name = String(items[0].files[0].path).split("/")[1];
    expect((await app.portal(bearer, "GET", `/evidence/${incidentId}/files/${name}`)).status).toBe(200);
    expect(
      (await app.portal(bearer, "GET", `/evidence/${incidentId}/files/..%2Foriginals%2F${name}`)).status,
    ).toBe(404);
    for (const id of [unconfirmed, rejected, foreign]) {
      expect((await app.portal(bearer, "GET", `/evidence/${id}/files/${name}`)).status).toBe(404);
      expect((await app.portal(bearer, "GET", `/evidence/${id}/bundle`)).status).toBe(404);
    }
    const zip = await app.portal(bearer, "GET", `/evidence/${incidentId}/bundle`);
    expect([zip.status, zip.headers.get("content-type")]).toEqual([200, "application/zip"]);
    const path = join(await tempDir(), "party.zip");
    await writeFile(path, zip.bytes);
    expect(await verifyBundle(path, { allowExport: true })).toMatchObject({ ok: true, problems: [] });
    expect(Object.keys(unzipSync(zip.bytes)).filter((file) => file.includes("/originals/"))).toEqual([]);
    const { rows } = await api.pool.query<{ entry: { kind: string; actor: object; why: string } }>(
      `select convert_from(entry, 'UTF8')::jsonb as entry from evidence_log
       where convert_from(entry, 'UTF8')::jsonb -> 'detail' ->> 'incidentId' = $1
         and convert_from(entry, 'UTF8')::jsonb ->> 'kind' in ('served', 'exported') order by index`,
      [incidentId],
    );
    expect(rows.map(({ entry }) => [entry.kind, entry.actor, entry.why])).toEqual([
      ["served", { kind: "party", id: null }, "inform_party"],
      ["exported", { kind: "party", id: null }, "inform_party"],
    ]);
  });

  describe("what is handed in", () => {
    const noticed = (): Partial<CaseFile> => ({
      state: "notice_served",
      decision: null,
      services: [],
      payment: null,
      clocks: [],
    });

    it("is a statement of the case, by the party, with a receipt of the very bytes", async () => {
      const { bearer, file } = await inside(noticed);
      const raw = '{"text":"当时在装卸货物，  已经离开"}';
      const headers = { "content-type": "application/json" };
      const reply = await app.portal(bearer, "POST", "/statements", { raw, headers });
      expect(reply).toMatchObject({
        status: 201,
        body: { what: "statement", sha256: createHash("sha256").update(raw).digest("hex") },
      });
      expect(await fileNow(file.caseId)).toMatchObject({
        state: "statement_review",
        statements: [{ text: "当时在装卸货物，  已经离开", about: "notice", via: "portal", review: null }],
      });
      const again = await app.portal(bearer, "GET", `/receipts/${reply.body.receiptId}`);
      expect(again.body).toEqual(reply.body);
      const stranger = await inside();
      expect((await app.portal(stranger.bearer, "GET", `/receipts/${reply.body.receiptId}`)).status).toBe(
        404,
      );
    });

    it("counts once for a key, however often and however parallel it comes", async () => {
      const { bearer, file } = await inside(noticed);
      const headers = { "idempotency-key": "statement-0001" };
      const replies = await Promise.all(
        Array.from({ length: 5 }, () =>
          app.portal(bearer, "POST", "/statements", { body: { text: "请从轻" }, headers }),
        ),
      );
      expect(new Set(replies.map(({ status, body }) => `${status} ${body.receiptId}`)).size).toBe(1);
      expect(replies.filter((reply) => reply.headers.get("idempotency-replayed") === "true")).toHaveLength(4);
      expect((await fileNow(file.caseId))?.statements).toHaveLength(1);
      expect(
        await app.portal(bearer, "POST", "/statements", { body: { text: "别的话" }, headers }),
      ).toMatchObject({
        status: 422,
        body: { code: "idempotency.key_reused" },
      });
    });

    it("is never turned away: where no step takes it, it stands on the timeline", async () => {
      const { bearer, file } = await inside();
      const reply = await app.portal(bearer, "POST", "/statements", { body: { text: "我有话说" } });
      expect(reply).toMatchObject({ status: 201, body: { content: { recordedAs: "message" } } });
      expect(await timelineOf(file.caseId)).toContainEqual({
        action: "portal_statement",
        actor: "party",
        why: null,
      });
    });

    it("takes nothing beside what is named, so no right is given up in passing", async () => {
      const { bearer, file } = await inside(noticed);
      const body = { text: "同意", waiver: true };
      expect((await app.portal(bearer, "POST", "/statements", { body })).status).toBe(400);
      expect((await fileNow(file.caseId))?.statements).toEqual([]);
    });

    it("leaves no receipt where the law does not allow the step", async () => {
      const { bearer } = await inside(noticed);
      const refusal = await app.portal(bearer, "POST", "/hearing-request", { body: {} });
      expect(refusal).toMatchObject({ status: 409, body: { code: "hearing.not_due", article: "xzcf:63" } });
      expect((await app.portal(bearer, "GET", "/receipts")).body.items).toEqual([]);
    });

    it("asks for a person, and whoever handles the case sees it", async () => {
      const { bearer, file } = await inside();
      const body = { topic: "human_decision", text: "请人工核查" };
      expect((await app.portal(bearer, "POST", "/human", { body })).status).toBe(201);
      expect(await timelineOf(file.caseId)).toContainEqual({
        action: "portal_person_asked",
        actor: "party",
        why: null,
      });
    });

    it("files a review through this agency, which then has five working days to forward it", async () => {
      const { bearer, file } = await inside();
      const body = { demand: "撤销处罚决定", reasons: "事实认定错误" };
      expect(await app.portal(bearer, "POST", "/review", { body })).toMatchObject({ status: 201 });
      const now = await fileNow(file.caseId);
      expect(now).toMatchObject({
        overlays: expect.arrayContaining(["in_review"]),
        reviews: [{ filedOn: "2026-03-10", via: "this_agency", forwardedOn: null }],
      });
      expect(now?.clocks).toContainEqual(
        expect.objectContaining({ kind: "review_forward", duty: "agency", strictDue: "2026-03-17" }),
      );
      const { items } = (await asOfficer("GET", `/cases/${file.caseId}/submissions`)).body;
      expect(items).toMatchObject([{ what: "review_application", content: body }]);
    });

    it("agrees to electronic service only under the party's own name, and takes it back", async () => {
      const { bearer, file } = await inside();
      const body = {
        channels: [{ channel: "sms", address: "13800000000" }],
        agreed: true,
        signedName: "李四",
      };
      expect(await app.portal(bearer, "POST", "/address-confirmation", { body })).toMatchObject({
        status: 409,
        body: { code: "portal.signature_name" },
      });
      const signed = { ...body, signedName: "张三" };
      expect(
        (await app.portal(bearer, "POST", "/address-confirmation", { body: { ...signed, agreed: false } }))
          .status,
      ).toBe(400);
      expect((await app.portal(bearer, "POST", "/address-confirmation", { body: signed })).status).toBe(201);
      expect(await fileNow(file.caseId)).toMatchObject({
        addressConfirmation: { channels: body.channels, signedOn: "2026-03-10", revokedOn: null },
      });
      expect((await app.portal(bearer, "POST", "/address-confirmation/revoke", { body: {} })).status).toBe(
        201,
      );
      expect((await fileNow(file.caseId))?.addressConfirmation?.revokedOn).toBe("2026-03-10");
    });
  });

  describe("a file", () => {
    const photo = () =>
      sharp({ create: { width: 30, height: 30, channels: 3, background: "red" } })
        .jpeg()
        .toBuffer();

    it("is kept encrypted as it came, with a clean copy, and leaves only as a download", async () => {
      const { bearer, file } = await inside();
      const raw = await photo();
      const sent = await app.portal(bearer, "POST", `/uploads?name=${encodeURIComponent("a/现场.jpg")}`, {
        raw,
      });
      expect(sent).toMatchObject({
        status: 201,
        body: {
          sha256: createHash("sha256").update(raw).digest("hex"),
          content: { name: "现场.jpg", mediaType: "image/jpeg" },
        },
      });
      const { uploadId } = sent.body.content;
      const got = await asOfficer("GET", `/party-uploads/${uploadId}/file`);
      expect([got.status, got.headers.get("content-type"), got.bytes.equals(raw)]).toEqual([
        200,
        "application/octet-stream",
        true,
      ]);
      expect(got.headers.get("content-disposition")).toMatch(/^attachment;/);
      expect(got.headers.get("x-forewarn-virus-checked")).toBe("false");
      const copy = await asOfficer("GET", `/party-uploads/${uploadId}/file?variant=copy`);
      expect((await sharp(copy.bytes).metadata()).format).toBe("jpeg");
      await expect(api.context.objects.sizeOf(uploadId, "originals/received.bin")).resolves.toBe(raw.length);
      const elsewhere = (await api.person(["officer"], { regions: ["510108"] })).userId;
      expect((await asOfficer("GET", `/party-uploads/${uploadId}/file`, undefined, elsewhere)).status).toBe(
        404,
      );
      expect((await timelineOf(file.caseId)).map(({ action }) => action)).toContain("portal_upload");
    });

    it("is refused for what it is, whatever it is called, and when it is too big", async () => {
      const { bearer } = await inside();
      const send = (raw: Buffer) => app.portal(bearer, "POST", "/uploads?name=a.jpg", { raw });
      expect((await send(Buffer.from("<html><script>"))).status).toBe(415);
      expect((await send(Buffer.alloc(0))).status).toBe(415);
      expect((await send(Buffer.concat([Buffer.from("%PDF-"), Buffer.alloc(10 * 1024 ** 2)]))).status).toBe(
        413,
      );
      expect((await app.portal(null, "POST", "/uploads?name=a.jpg", { raw: await photo() })).status).toBe(
        401,
      );
      expect((await app.portal(bearer, "GET", "/receipts")).body.items).toEqual([]);
    });
  });

  describe("more files than one link may send", () => {
    // Whoever opened it would answer 422.
    const broken = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(200)]);

    it("are not even opened, while what was taken before is still answered for", async () => {
      const { bearer } = await inside();
      const send = (raw: Buffer, key: string) =>
        app.portal(bearer, "POST", "/uploads?name=a", { raw, headers: { "idempotency-key": key } });
      for (let count = 0; count < 30; count += 1)
        expect((await send(Buffer.from(`%PDF-${count}`), `upload-${count}`)).status).toBe(201);
      expect((await send(broken, "one-too-many")).body).toMatchObject({ code: "portal.upload_limit" });
      expect((await send(Buffer.from("%PDF-3"), "upload-3")).headers.get("idempotency-replayed")).toBe(
        "true",
      );
    });

    it("are slowed down before they are opened", async () => {
      const { bearer } = await inside();
      const statuses: number[] = [];
      for (let count = 0; count < 41; count += 1)
        statuses.push((await app.portal(bearer, "POST", "/uploads?name=a", { raw: broken })).status);
      expect([statuses[0], statuses[39], statuses[40]]).toEqual([422, 422, 429]);
    });
  });

  it("leaves no file behind of an upload that failed", async () => {
    const { bearer } = await inside();
    await api.pool.query(
      `create function fail_upload() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
       create trigger fail_upload before insert on portal_uploads for each row when (new.name = 'fails')
         execute function fail_upload()`,
    );
    const root = dirname(dirname(api.context.objects.localPath("upl_x")));
    const kept = async () =>
      (await readdir(root, { recursive: true })).filter((path) => /upl_[^/]*$/.test(path));
    const before = await kept();
    const send = (name: string) =>
      app.portal(bearer, "POST", `/uploads?name=${name}`, { raw: Buffer.from("%PDF-1.7") });
    expect((await send("fails")).status).toBe(500);
    expect(await kept()).toEqual(before);
    expect((await send("works")).status).toBe(201);
    expect(await kept()).toHaveLength(before.length + 1);
  });

  it("takes twenty statements of a case on one day, and more on the next", async () => {
    const { bearer, file } = await inside();
    const state = () => app.portal(bearer, "POST", "/statements", { body: { text: "不是我" } });
    for (let count = 0; count < 20; count += 1) expect((await state()).status).toBe(201);
    const { status, headers, body } = await state();
    expect([status, body.code]).toEqual([429, "auth.too_many_attempts"]);
    expect(body.title).toContain("当面或者邮寄");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    const entries = await timelineOf(file.caseId);
    expect(entries.filter(({ actor }) => actor === "party")).toHaveLength(20);
    await api.pool.query("alter table portal_receipts disable trigger user");
    await api.pool.query(
      `update portal_receipts set at = at - interval '1 day' from party_links as links
       where links.id = portal_receipts.link_id and links.case_id = $1`,
      [file.caseId],
    );
    await api.pool.query("alter table portal_receipts enable trigger user");
    expect((await state()).status).toBe(201);
  });

  it("refuses letters that cannot be stored instead of failing over them", async () => {
    const { bearer } = await inside();
    for (const text of ["a\u0000b", "a\ud800b"])
      expect((await app.portal(bearer, "POST", "/statements", { body: { text } })).status).toBe(400);
    const named = await app.portal(bearer, "POST", "/uploads?name=a%00b", { raw: Buffer.from("%PDF-") });
    expect(named.status).toBe(400);
  });

  it("tells what is owed today with the surcharge, and the code for the bank", async () => {
    const { bearer, file } = await inside();
    expect((await app.portal(bearer, "GET", "/payment")).body).toMatchObject({
      due: true,
      code: file.payment?.code,
      payee: "武侯区财政局",
      amount: { asOf: "2026-03-10", unpaidFen: 100_000, surchargeFen: 0 },
    });
    const early = await inside(() => ({ services: [] }));
    expect((await app.portal(early.bearer, "GET", "/payment")).body).toEqual({
      due: false,
      code: null,
      payee: null,
      amount: null,
    });
  });

  it("opens a record without a case to whoever it is about: they see the copies and object", async () => {
    const { incidentId } = await sealedIncident(api);
    const give = () =>
      asOfficer("POST", `/incidents/${incidentId}/party-links`, { factor: "plate", number: "川A·12345" });
    expect((await give()).body.code).toBe("portal.record_not_confirmed");
    await confirmRecord(api, incidentId);
    const token = String((await give()).body.url).split("#")[1] ?? "";
    const { body } = await open(token, "345");
    expect(body.opens).toBe("record");
    const record = await app.portal(body.bearer, "GET", "/record");
    expect(record.body).toMatchObject({ stateZh: expect.any(String), record: { incidentId } });
    expect(JSON.stringify(record.body)).not.toMatch(/originals|12345|confidence|score/);
    const objection = { text: "当天车在外地", ground: "wrong_plate" };
    expect(await app.portal(body.bearer, "POST", "/answers", { body: objection })).toMatchObject({
      status: 201,
      body: { what: "objection" },
    });
    expect(await timelineOf(incidentId)).toContainEqual(
      expect.objectContaining({ action: "portal_objection", actor: "party" }),
    );
    expect((await asOfficer("GET", `/incidents/${incidentId}/submissions`)).body.items).toMatchObject([
      { what: "objection", content: objection },
    ]);
    for (const path of ["/case", "/payment"])
      expect((await app.portal(body.bearer, "GET", path)).body.code).toBe("portal.not_of_this_link");
    expect((await app.portal(body.bearer, "POST", "/review", { body: {} })).status).toBe(404);
  });

  it("shows over a link to a record no letter that was made out to somebody else", async () => {
    const { incidentId } = await sealedIncident(api);
    await confirmRecord(api, incidentId);
    const say = (level: number, audience: string, plateTail: string | null) =>
      api.pool.query(
        `insert into warnings (id, incident_id, level, link_token_hash, letter_zh, letter_en, state, grace_until,
           created_by, created_at, audience, plate_tail, subject_key)
         values ($1, $2, $3, $4, $5, $5, 'sent', now(), $8, now(), $6, $7, case when $6 <> 'place' then $4 end)`,
        [
          ...[`${incidentId}w${level}`, incidentId, level],
          createHash("sha256").update(`${incidentId}${level}`).digest("hex"),
          ...[JSON.stringify({ title: `${level}`, paragraphs: [audience] }), audience, plateTail, officer],
        ],
      );
    const lettersOf = async (factor: string, number: string, answer: string) => {
      const given = await asOfficer("POST", `/incidents/${incidentId}/party-links`, { factor, number });
      const { body } = await open(String(given.body.url).split("#")[1] ?? "", answer);
      const record = await app.portal(body.bearer, "GET", "/record");
      return record.body.letters.map(({ title }: { title: string }) => title);
    };
    await say(0, "place", null);
    // Orders are made out to somebody, whoever that was.
    await say(1, "place", null);
    await say(2, "vehicle_owner", "345");
    expect(await lettersOf("plate", "川A·12345", "345")).toEqual(["0", "2"]);
    expect(await lettersOf("plate", "川A·99999", "999")).toEqual(["0"]);
    expect(await lettersOf("phone", "13800000345", "0345")).toEqual(["0"]);
  });
});
