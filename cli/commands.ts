import type { Command } from "commander";

/** Loaded only when asked for: `forewarn verify` must not wait for ONNX Runtime or a database driver. */
const LOADERS: Record<string, (program: Command) => Promise<void>> = {
  up: async (program) => (await import("./commands/up.ts")).registerUp(program),
  api: async (program) => (await import("./commands/api.ts")).registerApi(program),
  worker: async (program) => (await import("./commands/worker.ts")).registerWorker(program),
  migrate: async (program) => (await import("./commands/migrate.ts")).registerMigrate(program),
  status: async (program) => (await import("./commands/status.ts")).registerStatus(program),
  doctor: async (program) => (await import("./commands/doctor.ts")).registerDoctor(program),
  replay: async (program) => (await import("./commands/replay.ts")).registerReplay(program),
  detect: async (program) => (await import("./commands/detect.ts")).registerDetect(program),
  track: async (program) => (await import("./commands/track.ts")).registerTrack(program),
  verify: async (program) => (await import("./commands/verify.ts")).registerVerify(program),
  export: async (program) => (await import("./commands/export.ts")).registerExport(program),
  keys: async (program) => (await import("./commands/keys.ts")).registerKeys(program),
  log: async (program) => (await import("./commands/log.ts")).registerLog(program),
  models: async (program) => (await import("./commands/models.ts")).registerModels(program),
  camera: async (program) => (await import("./commands/camera.ts")).registerCamera(program),
  bench: async (program) => (await import("./commands/bench.ts")).registerBench(program),
  demo: async (program) => (await import("./commands/demo.ts")).registerDemo(program),
  "object-key": async (program) => (await import("./commands/object-key.ts")).registerObjectKey(program),
  user: async (program) => (await import("./commands/user.ts")).registerUser(program),
};

/** Registers the one command that was named, or all of them when none was (help needs them all). */
export async function registerCommands(program: Command, named: string | undefined): Promise<void> {
  const only = named === undefined ? undefined : LOADERS[named];
  const wanted = only === undefined ? Object.values(LOADERS) : [only];
  for (const load of wanted) await load(program);
}
