export const verifierDir: string;
export function ensureVerifier(): Promise<void>;
export function buildVerifier(): Promise<void>;
