import type { TestApi } from "./test-api.ts";

/** From now on the deletion of this incident's evidence is decided; its files are still there. */
export async function decideDeletionOf(api: TestApi, incidentId: string): Promise<void> {
  await api.pool.query(
    `insert into evidence_tombstones (incident_id, bundle_path, camera_id, region, manifest_sha256, seal, rule,
       kept_through, decided_by, decided_at)
     select id, bundle_path, camera_id, region, manifest_sha256, null, 'corrected', '2026-03-09', 'test', now()
     from incidents where id = $1`,
    [incidentId],
  );
}
