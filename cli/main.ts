import { Command, CommanderError } from "commander";
import { AppError, InvalidInputError, MissingToolError, UsageError } from "../pipeline/domain/errors.ts";
import { softwareVersion } from "../runtime/version.ts";
import { registerCommands } from "./commands.ts";

/** 0 done · 1 the thing asked about failed or does not hold · 2 wrong usage or configuration */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InvalidInputError || error instanceof UsageError) return 2;
  return error instanceof MissingToolError ? 2 : 1;
}

function report(error: unknown): void {
  // Commander has already printed what it has to say.
  if (error instanceof CommanderError) return;
  if (error instanceof AppError) console.error(`forewarn: ${error.message}\n  [${error.code}]`);
  else
    console.error(
      "forewarn: something we did not foresee went wrong; please report it with the lines below.",
      error,
    );
}

const program = new Command("forewarn")
  .description(
    "先劝 Forewarn: street cameras → sealed evidence → a person decides → warn first, penalise last",
  )
  .version(softwareVersion)
  .showHelpAfterError()
  .configureHelp({ sortSubcommands: false })
  .addHelpText(
    "after",
    `
Start here:
  forewarn up                      everything on this machine, on sample footage; prints where to review
  forewarn replay clip.mp4 --camera camera.yaml --out out/   a recorded clip through the whole pipeline
  forewarn verify out/cnd_…        is this bundle whole, and who sealed it?

Exit codes: 0 done · 1 failed or does not hold · 2 wrong usage or configuration`,
  );

try {
  await registerCommands(program, process.argv[2]);
  exitOverrideAll(program);
  await program.parseAsync();
} catch (error) {
  report(error);
  process.exitCode = exitCodeOf(error);
}

/** Commander exits 1 on wrong usage by itself; ours is 2, so every command throws instead. */
function exitOverrideAll(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) exitOverrideAll(sub);
}
