// How well plates are found and read, through the same code that makes suggestions:
//   npx tsx scripts/eval/plates.ts [--data FOLDER]
// The folder holds plates/plates.json (cut plates with their text; pictures of vehicles with text and place) and, for
// what is suggested where no Chinese plate can be read, coco/images. Prints markdown tables for
// docs/plates.md; exits 2 when there is nothing to measure.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openPlateGraphs } from "../../pipeline/open-plate-reader.ts";
import { packageRoot } from "../../runtime/version.ts";
import { measureCrops, measureForeign, measurePictures } from "./plates-measure.ts";
import { byCertainty, byColour, byPlateWidth, failures, summary } from "./plates-tables.ts";

const { values } = parseArgs({
  options: { data: { type: "string", default: join(packageRoot, "../shared/footage") } },
});
if (!existsSync(join(values.data, "plates", "plates.json"))) {
  process.stderr.write(`nothing to measure: there is no ${join(values.data, "plates", "plates.json")}\n`);
  process.exitCode = 2;
} else {
  const graphs = await openPlateGraphs(packageRoot, ["cpu"]);
  try {
    const crops = await measureCrops(graphs, values.data);
    const pictures = await measurePictures(graphs, values.data);
    const foreign = await measureForeign(graphs, values.data);
    const sections = [
      summary([...crops, ...pictures]),
      byColour(pictures.flatMap(({ attempts }) => attempts)),
      byPlateWidth([...crops, ...pictures].flatMap(({ attempts }) => attempts)),
      byCertainty(
        [...crops, ...pictures].flatMap(({ attempts }) => attempts),
        foreign,
      ),
      failures([...crops, ...pictures]),
    ];
    process.stdout.write(`${sections.join("\n\n")}\n`);
  } finally {
    await graphs.close();
  }
}
