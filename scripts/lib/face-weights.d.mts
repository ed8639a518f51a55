export function unwantedWeights(names: readonly string[]): string[];
export function removeFaceWeights(folder?: string): void;
