type Packages = Record<string, { version?: string; optional?: boolean }>;
export function firstDifference(wanted: Packages, installed: Packages): string | undefined;
export function packagesFit(folder?: string): boolean;
export function ensurePackages(): Promise<void>;
