// `npm run build:verifier`: verify.mjs and verify.html into dist/verifier/.
import { main } from "./lib/say.mjs";
import { buildVerifier } from "./lib/verifier.mjs";

await main(buildVerifier);
