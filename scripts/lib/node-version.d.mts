export const NEEDED_NODE: string;
export function nodeTooOld(version: string): string | undefined;
export function requireNode(): void;
