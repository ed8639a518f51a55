import { join } from "node:path";
import { loadCameraFile } from "../../config/camera-file.ts";
import type { Camera } from "../../pipeline/domain/types.ts";
import { sampleFootage } from "../../runtime/services/sample-footage.ts";
import { packageRoot } from "../../runtime/version.ts";

/** A camera to start with, and how many candidates it must yield when its recording is played once. */
export interface StartCamera {
  readonly camera: Camera;
  /** Null: nobody knows for footage of one's own. */
  readonly expected: number | null;
}

export interface CameraChoice {
  readonly source: string | undefined;
  readonly cameraFile: string | undefined;
  /** Played once as fast as it goes, or as a camera that never ends. */
  readonly once: boolean;
}

/** The van and the car at the kerb stand all the time; at the crossing nothing does. */
const SAMPLES = [
  { file: "camera-parking.yaml", expected: 2 },
  { file: "camera-crossing.yaml", expected: 0 },
];

export async function chooseCameras(choice: CameraChoice): Promise<StartCamera[]> {
  const play = choice.once
    ? ({ pace: "fast", loop: false } as const)
    : ({ pace: "live", loop: true } as const);
  const withSource = (camera: Camera, url: string): Camera => ({
    ...camera,
    source: { url, transport: "tcp", ...play },
  });
  if (choice.cameraFile !== undefined) {
    const camera = await loadCameraFile(choice.cameraFile);
    const url = choice.source ?? camera.source?.url;
    return [
      {
        camera: url === undefined ? withSource(camera, await sampleFootage()) : withSource(camera, url),
        expected: null,
      },
    ];
  }
  if (choice.source !== undefined)
    return [{ camera: withSource(wholePicture, choice.source), expected: null }];
  const clip = await sampleFootage();
  return Promise.all(
    SAMPLES.map(async ({ file, expected }) => ({
      camera: withSource(await loadCameraFile(join(packageRoot, "config", "sample", file)), clip),
      expected,
    })),
  );
}

/** For a source nobody has drawn zones for yet: everything in the picture is one zone. */
const wholePicture: Camera = {
  id: "own-source",
  name: "自带视频源",
  region: "510107",
  location: { lat: 30.6419, lon: 104.0432, place: "自带视频源（整幅画面）" },
  analysis: { model: "default", fps: 2, watch: "keyframes" },
  privacyMasks: [],
  zones: [
    {
      id: "picture",
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    },
  ],
  rules: [
    {
      id: "standing-vehicle",
      violation: "vehicle_sidewalk",
      zone: "picture",
      labels: ["car", "truck", "bus"],
      minScore: 0.35,
      dwellSeconds: 60,
      stationary: true,
      minCount: 1,
      graceSeconds: 600,
      schedule: [],
    },
  ],
};
