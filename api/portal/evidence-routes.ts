import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { incidentStates } from "../../casework/incident/incident-lifecycle.ts";
import { objectionGrounds } from "../../casework/portal/objection.ts";
import { plainIncidentStates } from "../../casework/portal/plain-state.ts";
import { violationOf } from "../../config/legal-basis.ts";
import { readVerifierFiles } from "../../runtime/verifier-files.ts";
import type { Act } from "../../store/act.ts";
import { NotFoundError } from "../../store/errors.ts";
import { refuseIfDeleted } from "../../store/evidence-record.ts";
import { findIncident } from "../../store/incident-read-model.ts";
import { withTx } from "../../store/pool.ts";
import { exportForParty, noteRecordSeen, readMaskedRecords } from "../../store/portal-evidence-store.ts";
import type { PartyLink } from "../../store/portal-link-store.ts";
import { sendFile } from "../http/send-file.ts";
import { recordOfLink, recordsOfLink } from "./case-of-link.ts";
import { lettersOfLink } from "./letters-of-link.ts";
import { actOfLink, definePortalRoute, type PortalContext } from "./portal-route.ts";
import { evidenceReply, recordFileParams, recordParams, recordReply } from "./schemas.ts";

export const evidenceRoutes = [
  definePortalRoute({
    method: "get",
    path: "/record",
    summary: "What a camera recorded, where it stands, and how to object: for a link without a case",
    access: "record",
    reply: recordReply,
    async handle({ context, link }) {
      const incidentId = link.incidentId ?? "";
      const incident = await findIncident(context.pool, [link.region], incidentId);
      if (incident === undefined) throw new NotFoundError("incident", incidentId);
      const [record] = await readMaskedRecords(context.pool, [incidentId]);
      return {
        violationZh: violationOf(incident.violation).name.zh,
        place: incident.place,
        stateZh: incidentStates[incident.state],
        plainZh: plainIncidentStates[incident.state],
        graceUntil: incident.graceUntil,
        letters: (await lettersOfLink(context, link)).map(({ title, paragraphs }) => ({
          title,
          paragraphs: [...paragraphs],
        })),
        record: record === undefined ? null : { ...record, files: [...record.files] },
        objectionGrounds: Object.entries(objectionGrounds).map(([ground, zh]) => ({
          ground: ground as keyof typeof objectionGrounds,
          zh,
        })),
      };
    },
  }),
  definePortalRoute({
    method: "get",
    path: "/evidence",
    summary: "The records that are evidence, with their masked copies (faces and other plates hidden)",
    access: "any",
    reply: evidenceReply,
    async handle({ context, link }) {
      const records = await recordsOfLink(context, link);
      return { items: records.map((record) => ({ ...record, files: [...record.files] })) };
    },
  }),
  definePortalRoute({
    method: "get",
    path: "/evidence/{incidentId}/files/{name}",
    summary: "One masked still or the masked clip",
    access: "any",
    params: recordFileParams,
    reply: null,
    async handle({ context, link, params, req, res }) {
      const record = await recordOfLink(context, link, params.incidentId);
      const path = `masked/${params.name}`;
      const file = record.files.find((one) => one.path === path);
      if (file === undefined) throw new NotFoundError("file", path);
      const act = evidenceAct(context, link);
      await withTx(context.pool, (tx) => noteRecordSeen(tx, act, link.linkId, record.incidentId));
      await sendFile(context.objects, { ...file, bundlePath: record.bundlePath }, req, res);
    },
  }),
  definePortalRoute({
    method: "get",
    path: "/evidence/{incidentId}/bundle",
    summary: "The masked copies as a zip that anyone can check; the evidence log says that it was handed out",
    access: "any",
    params: recordParams,
    reply: null,
    async handle({ context, link, params, res }) {
      const { incidentId } = await recordOfLink(context, link, params.incidentId);
      await refuseIfDeleted(context.pool, incidentId);
      await context.portalThrottle.consume("bundle", link.linkId);
      const { file, name } = await writeBundle(context, link, incidentId);
      try {
        res.set({
          "content-type": "application/zip",
          "content-disposition": `attachment; filename="${name}"`,
          "content-length": String((await file.stat()).size),
        });
        await pipeline(file.createReadStream({ autoClose: false }), res);
      } catch (error) {
        // Whoever asked stopped listening; that they asked stands in the log.
        if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
      } finally {
        await file.close();
      }
    },
  }),
];

/** A case's evidence may lie in the next district: which records it is about was settled before, by the link. */
function evidenceAct(context: PortalContext, link: PartyLink): Act {
  return { ...actOfLink(context, link), scope: "every" };
}

/** The zip, open for reading; on disk it has no name any more, so that nothing of it outlives the reply. */
async function writeBundle(context: PortalContext, link: PartyLink, incidentId: string) {
  const folder = await mkdtemp(join(tmpdir(), "forewarn-portal-"));
  try {
    const outPath = join(folder, "export.zip");
    const desk = {
      pool: context.pool,
      objects: context.objects,
      keysDir: join(context.config.dataDir, "keys"),
      verifier: await readVerifierFiles(),
    };
    const { bundleId } = await exportForParty(desk, evidenceAct(context, link), {
      linkId: link.linkId,
      incidentId,
      outPath,
    });
    return { file: await open(outPath), name: `${bundleId}-masked.zip` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
