/** What the detectors of models/manifest.json call the things that masking asks about. */
export const PERSON = "person";
export const PLATE = "licence plate";

const FOUR_WHEELS = new Set(["car", "truck", "bus", "train", "vehicle"]);
/** No bicycles: they carry no plate, and who rides one is found as a person. */
const TWO_WHEELS = new Set(["motorcycle", "bike"]);
/** Labels whose box holds the rider too, so that its upper part is a head. */
export const RIDDEN: ReadonlySet<string> = new Set(["bike"]);

export function isVehicle(label: string): boolean {
  return FOUR_WHEELS.has(label) || TWO_WHEELS.has(label);
}

export function isTwoWheeler(label: string): boolean {
  return TWO_WHEELS.has(label);
}
