// `npm run setup`: packages, ffmpeg, Redis and the sample footage. A second run finds nothing to do.
import { requireNode } from "./lib/node-version.mjs";
import { main, say } from "./lib/say.mjs";

requireNode();
const { ensureSetup } = await import("./lib/setup.mjs");
await main(async () => {
  const started = Date.now();
  await ensureSetup();
  say(`everything is there (${((Date.now() - started) / 1000).toFixed(1)} s). Next: npm run up`);
});
