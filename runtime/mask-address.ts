/**
 * Enough of a phone number or mail address to recognise it by, not enough to use it: `138****5678`, `z***@example.cn`.
 * Anything else (a loudspeaker's id names nobody) stays as it is.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at > 0) return `${address.slice(0, 1)}***${address.slice(at)}`;
  if (!/^\+?[\d\s-]{5,}$/.test(address)) return address;
  const digits = address.replaceAll(/\D/g, "");
  return digits.length < 8 ? `****${digits.slice(-2)}` : `${digits.slice(0, 3)}****${digits.slice(-4)}`;
}
