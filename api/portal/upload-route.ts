import { memoryFolder } from "../../pipeline/media/memory-folder.ts";
import { newId } from "../../runtime/ids.ts";
import type { Queryable } from "../../store/pool.ts";
import type { PartyLink } from "../../store/portal-link-store.ts";
import { dropUnknownUpload, keepUpload, noteUpload, uploadsOf } from "../../store/portal-upload-store.ts";
import { PortalError } from "./portal-error.ts";
import { definePortalRoute } from "./portal-route.ts";
import { cleanCopy, mediaTypeOf, shownName } from "./read-upload.ts";
import { noteForOfficers, receive } from "./receive.ts";
import { receiptReply, uploadQuery } from "./schemas.ts";

const MIB = 1024 ** 2;
const FILE_BYTES = 10 * MIB;
/** Over one link, all together. */
const MOST = { files: 30, bytes: 150 * MIB };

export const uploadRoutes = [
  definePortalRoute({
    method: "post",
    path: "/uploads",
    summary:
      "Send a photo, paper or clip: the file itself as the body, at most 10 MiB; JPEG, PNG, PDF or MP4",
    access: "any",
    query: uploadQuery,
    fileBytes: FILE_BYTES,
    reply: receiptReply,
    status: 201,
    async handle(call) {
      const { context, link, query, req } = call;
      const { pool, objects } = context;
      await context.portalThrottle.consume("upload", link.linkId);
      const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      const mediaType = mediaTypeOf(bytes);
      // Opening a picture is dear: not for one that cannot be taken. What came before may still be asked for again.
      const hasRoom = await roomFor(pool, link, bytes);
      const copy = hasRoom ? await cleanCopy(bytes, mediaType) : null;
      const name = shownName(query.name);
      const uploadId = newId("upl");
      const upload = { linkId: link.linkId, name, mediaType, received: bytes, copy };
      const content = { name, note: query.note ?? null, mediaType, sizeBytes: bytes.length };
      try {
        return await receive(call, "upload", content, async (tx, act, receiptId) => {
          if (!hasRoom || !(await roomFor(tx, link, bytes))) throw tooMuch();
          await keepUpload(objects, await memoryFolder(context.config.memoryDir), uploadId, upload);
          await noteUpload(tx, act, uploadId, receiptId, upload);
          const detail = { uploadId, receiptId, mediaType, virusChecked: false };
          await noteForOfficers(tx, act, link, { action: "portal_upload", detail });
          return { uploadId };
        });
      } catch (error) {
        await dropUnknownUpload(pool, objects, uploadId).catch((err: unknown) =>
          context.log.error({ err, uploadId }, "the file of an upload that failed was left behind"),
        );
        throw error;
      }
    },
  }),
];

async function roomFor(db: Queryable, { linkId }: PartyLink, bytes: Buffer): Promise<boolean> {
  const sofar = await uploadsOf(db, linkId);
  return sofar.files < MOST.files && sofar.bytes + bytes.length <= MOST.bytes;
}

function tooMuch(): PortalError {
  return new PortalError(
    413,
    "portal.upload_limit",
    "This link has taken all it can; ask the office how to hand in more 该链接接收的材料已达上限，请联系机关另行提交",
  );
}
