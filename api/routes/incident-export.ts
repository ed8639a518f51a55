import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { memoryFolder } from "../../pipeline/media/memory-folder.ts";
import { readVerifierFiles } from "../../runtime/verifier-files.ts";
import { exportStored } from "../../store/stored-export.ts";
import type { ApiContext } from "../context.ts";
import { actOf } from "../http/act.ts";
import { defineRoute } from "../http/route.ts";
import type { SignedInUser } from "../http/session.ts";
import { type ExportBody, exportBody } from "../schemas/evidence-export.ts";
import { incidentIdParams } from "../schemas/incidents.ts";

export const incidentExportRoutes = [
  defineRoute({
    method: "post",
    path: "/incidents/{id}/export",
    summary:
      "The bundle as a zip that anyone can check, with originals only by a grant; the evidence log says who took it for what",
    tag: "incidents",
    access: "incident.read",
    params: incidentIdParams,
    body: exportBody,
    reply: null,
    async handle({ context, user, params, body, res }) {
      const { file, name } = await writeExport(context, user, params.id, body);
      try {
        res.set({
          "content-type": "application/zip",
          "content-disposition": `attachment; filename="${name}"`,
          "content-length": String((await file.stat()).size),
          "cache-control": "private, no-store",
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

/** The zip, open for reading; on disk it has no name any more, so that nothing of it outlives the reply. */
async function writeExport(
  context: ApiContext,
  user: SignedInUser,
  incidentId: string,
  { include, why }: ExportBody,
) {
  // Originals lie encrypted wherever they rest: in plain they are in memory only.
  const below = include === "all" ? await memoryFolder(context.config.memoryDir) : tmpdir();
  const folder = await mkdtemp(join(below, "forewarn-export-"));
  try {
    const act = actOf(context, user);
    const outPath = join(folder, "export.zip");
    const { bundleId } = await exportStored(
      {
        pool: context.pool,
        objects: context.objects,
        keysDir: join(context.config.dataDir, "keys"),
        verifier: await readVerifierFiles(),
      },
      act,
      {
        id: incidentId,
        include,
        purpose: why,
        by: { kind: "user", userId: user.userId, roles: user.roles },
        outPath,
      },
    );
    return {
      file: await open(outPath),
      name: include === "masked" ? `${bundleId}-masked.zip` : `${bundleId}.zip`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
