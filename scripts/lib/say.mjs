/** Something this machine lacks or refuses. The message is one sentence that says what to do. */
export class SetupError extends Error {}

/** A progress line for people; stdout stays free for results. */
export function say(line) {
  process.stderr.write(`forewarn: ${line}\n`);
}

/** Runs `work`; a SetupError becomes its one sentence and exit code 2, anything else is a defect of ours. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 2;
  }
}
