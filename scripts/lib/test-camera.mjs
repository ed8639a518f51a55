import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, aptUnpack, haveApt, inCache } from "./apt.mjs";
import { cacheDir, isRoot } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError, say } from "./say.mjs";

/** GStreamer's RTSP server for Debian's Python, TLS for it, and who makes its certificate. */
const PACKAGES = [
  "python3-gi",
  "gir1.2-gst-rtsp-server-1.0",
  "gstreamer1.0-plugins-good",
  "gstreamer1.0-plugins-bad",
  "glib-networking",
  "openssl",
];
/** Prints nothing when the server can start: the modules and every element that rtsp-server.py uses are there. */
const LOOK = `
import gi
for name in ("Gst", "GstRtsp", "GstRtspServer"): gi.require_version(name, "1.0")
from gi.repository import Gio, Gst, GstRtsp, GstRtspServer
Gst.init(None)
lacks = [e for e in "appsrc appsink matroskademux h264parse h265parse rtph264pay rtph265pay".split() if Gst.ElementFactory.find(e) is None]
if not Gio.TlsBackend.get_default().supports_tls(): lacks.append("TLS")
if lacks: raise SystemExit("GStreamer lacks " + ", ".join(lacks))
`;

/** Where the packages lie for a user who may not install them. */
const unpacked = join(cacheDir, "test-camera");

/**
 * How to start the test camera's Python.
 * @returns {{ python: string, openssl: string, env: Record<string, string> }}
 */
export function testCameraPrograms() {
  const usr = join(unpacked, "usr");
  if (!existsSync(usr)) return { python: "/usr/bin/python3", openssl: "openssl", env: {} };
  const triplet = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch] ?? process.arch;
  const lib = join(usr, "lib", triplet);
  // What the system has already was not unpacked: its Python and openssl serve.
  const first = (program) =>
    [join(usr, "bin", program), join("/usr/bin", program)].find(existsSync) ?? program;
  return {
    python: first("python3"),
    openssl: first("openssl"),
    env: {
      LD_LIBRARY_PATH: [lib, join(unpacked, "lib", triplet)].join(":"),
      GI_TYPELIB_PATH: [join(lib, "girepository-1.0"), join(usr, "lib", "girepository-1.0")].join(":"),
      GST_PLUGIN_PATH: join(lib, "gstreamer-1.0"),
      GST_PLUGIN_SCANNER: join(lib, "gstreamer1.0", "gstreamer-1.0", "gst-plugin-scanner"),
      GST_REGISTRY: join(unpacked, "registry.bin"),
      GIO_EXTRA_MODULES: join(lib, "gio", "modules"),
      PYTHONPATH: join(usr, "lib", "python3", "dist-packages"),
    },
  };
}

/** Why the test camera cannot start here, in one sentence; undefined when it can. */
export async function whyNoTestCamera() {
  const { python, openssl, env } = testCameraPrograms();
  const look = await run(python, ["-c", LOOK], { env });
  const certificates = await run(openssl, ["version"], { env });
  if (look.code === 0 && certificates.code === 0) return undefined;
  const failed = look.code !== 0 ? look : certificates;
  return `no RTSP server for tests (${failed.output.trim().split("\n").at(-1)}): \`apt-get install ${PACKAGES.join(" ")}\` as root`;
}

/** Gets what the tests need to be a camera. Without it those tests are skipped, so a failure is only said. */
export async function ensureTestCamera() {
  if ((await whyNoTestCamera()) === undefined) return;
  if (!haveApt()) {
    say("no apt here to get GStreamer's RTSP server from: the tests that need a camera are skipped.");
    return;
  }
  const started = Date.now();
  try {
    if (isRoot) {
      say("installing GStreamer's RTSP server for the tests with apt (as root), about 20 s …");
      await aptInstall(PACKAGES);
    } else {
      say(`getting GStreamer's RTSP server for the tests from Debian into ${unpacked}, no root needed …`);
      await unpack();
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${error.message} The tests that need a camera are skipped.`);
    return;
  }
  const why = await whyNoTestCamera();
  say(why ?? `the test camera is ready in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** The folder appears whole or not at all. */
async function unpack() {
  const work = inCache("Getting the test camera", () => {
    mkdirSync(cacheDir, { recursive: true });
    return mkdtempSync(join(cacheDir, ".test-camera-"));
  });
  try {
    await aptUnpack(PACKAGES, work, { withDependencies: true });
    inCache("Getting the test camera", () => {
      rmSync(unpacked, { recursive: true, force: true });
      renameSync(work, unpacked);
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
