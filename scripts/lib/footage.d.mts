export const footage: {
  readonly file: string;
  readonly sha256: string;
  readonly debianPackage: string;
  readonly debianPath: string;
  readonly url: string;
};
export function sha256Of(path: string): Promise<string | undefined>;
export function ensureFootage(): Promise<void>;
