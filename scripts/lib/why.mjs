// What npm, apt, dpkg, the kernel and fetch say, sorted into the few causes a person can do something about.
const CAUSES = [
  {
    cause: "disk",
    pattern: /ENOSPC|EDQUOT|no space left|disk quota exceeded|don't have enough free space/i,
  },
  {
    cause: "network",
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_|fetch failed|temporary failure resolving|could not resolve|unable to connect|could not connect|failed to fetch|network is unreachable|connection timed out|ENOTCACHED/i,
  },
  {
    cause: "permission",
    pattern:
      /EACCES|EPERM|EROFS|permission denied|read-only file system|operation not permitted|are you root/i,
  },
];

/** @returns {"disk" | "network" | "permission" | "other"} the cause that this output points to */
export function causeOf(output) {
  return CAUSES.find(({ pattern }) => pattern.test(output))?.cause ?? "other";
}

/** The line that says what went wrong: npm's first, anyone else's last. */
export function complaint(output) {
  const lines = output.split("\n");
  const npm = lines.filter((line) => /^npm (error|ERR!)/.test(line));
  const told = (npm.length > 0 ? npm : lines)
    .map((line) => line.replace(/^(npm (error|ERR!)|E:|W:|Err:\d*)\s*/, "").trim())
    .filter((line) => line !== "" && !/^(code|errno|syscall|path|dest) /.test(line));
  return (npm.length > 0 ? told[0] : told.at(-1))?.slice(0, 300) ?? "no message";
}

/**
 * One sentence: what failed, why, what to do.
 * @param what "Installing the npm packages"
 * @param output what the program printed, or an error's message
 * @param remedies by cause; causes left out get a general remedy
 */
export function sentence(what, output, remedies = {}) {
  const cause = causeOf(output);
  const remedy = remedies[cause] ?? remedies.any;
  switch (cause) {
    case "disk":
      return `${what} failed because the disk is full: ${remedy ?? "free about 2 GB"} and run the command again.`;
    case "network":
      return `${what} failed because the network could not be reached: ${remedy ?? "connect this machine to the internet (or set its proxy)"} and run the command again.`;
    case "permission":
      return `${what} failed because this user lacks the permission (${complaint(output)}): ${remedy ?? "run it as the owner of this folder"}.`;
    default:
      return `${what} failed (${complaint(output)})${remedy ? `: ${remedy}` : ""}.`;
  }
}
