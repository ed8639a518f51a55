import { loadCameraFile } from "../../../config/camera-file.ts";
import type { Camera } from "../../../pipeline/domain/types.ts";
import { redactUrl } from "../../../pipeline/media/redact-url.ts";
import { sourceInput } from "../../../pipeline/media/source-input.ts";
import { putCamera } from "../../../store/camera-store.ts";
import { withTx } from "../../../store/pool.ts";
import { cliAct, withInstallation } from "./installation.ts";
import { queueText } from "./switch.ts";

export interface AddOptions {
  readonly disabled?: true;
  readonly json?: true;
}

/** `forewarn camera add`: the file is checked first, nothing of a faulty one is stored. */
export async function add(file: string, options: AddOptions): Promise<void> {
  const camera = withAbsolutePaths(await loadCameraFile(file));
  const enabled = options.disabled ? false : undefined;
  await withInstallation(async ({ pool, queue }) => {
    const put = await withTx(pool, (tx) => putCamera(tx, cliAct(), { camera, enabled }));
    const queued = put.enabled ? await queue(camera.id) : undefined;
    if (options.json) {
      console.log(JSON.stringify({ type: "camera", cameraId: camera.id, ...put, ...queued }));
      return;
    }
    console.log(`${put.outcome} ${camera.id} (${camera.name}), version ${put.version}`);
    console.log(`  source  ${sourceText(camera)}`);
    console.log(
      `  ${queued === undefined ? "switched off: `forewarn camera enable` has it watched" : queueText(queued)}`,
    );
  });
}

/** Workers run elsewhere than this command: a path must mean the same to them. */
function withAbsolutePaths(camera: Camera): Camera {
  const { source } = camera;
  if (source === undefined) return camera;
  const { transport, subUrl } = source;
  const absolute = (url: string) => sourceInput({ url, transport }).path ?? url;
  return {
    ...camera,
    source: {
      ...source,
      url: absolute(source.url),
      ...(subUrl === undefined ? {} : { subUrl: absolute(subUrl) }),
    },
  };
}

function sourceText({ source }: Camera): string {
  if (source === undefined) return "as it was: the file names none";
  const subStream = source.subUrl === undefined ? "" : `, sub-stream ${redactUrl(source.subUrl)}`;
  return `${redactUrl(source.url)}${subStream}`;
}
