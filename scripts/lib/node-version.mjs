// Runs before anything else and on any Node: keep the syntax old.
export const NEEDED_NODE = "20.12.0";

/** Why this Node is too old, as one sentence; undefined when it will do. `version` like "20.12.0". */
export function nodeTooOld(version) {
  const have = version.split(".").map(Number);
  const need = NEEDED_NODE.split(".").map(Number);
  for (let i = 0; i < need.length; i++) {
    if (have[i] > need[i]) return undefined;
    if (have[i] < need[i])
      return `Node ${version} is too old: install Node ${NEEDED_NODE} or newer (20, 22 or 24) from https://nodejs.org and run the command again.`;
  }
  return undefined;
}

/** Ends the program with one sentence on a Node or a system that cannot work. */
export function requireNode() {
  const fault =
    nodeTooOld(process.versions.node) ||
    (process.platform === "win32" &&
      "Windows itself is not supported: run Forewarn inside WSL 2, on Linux or on macOS.");
  if (!fault) return;
  console.error(`forewarn: ${fault}`);
  process.exit(2);
}
