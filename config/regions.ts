import { z } from "zod";
import { readCatalogue } from "./catalogue.ts";

const code = z.string().regex(/^\d{6}$/);

const schema = z.strictObject({
  standard: z.string(),
  province: z.strictObject({ code, name: z.string(), nameEn: z.string() }),
  cities: z.array(z.strictObject({ code, name: z.string(), short: z.string(), nameEn: z.string() })),
});

/** A city (市州) of Sichuan by GB/T 2260. */
export interface City {
  readonly code: string;
  readonly name: string;
  readonly short: string;
  readonly nameEn: string;
}

const regions = schema.parse(readCatalogue("regions.json"));

export const province = regions.province;
/** The 21 cities and prefectures of Sichuan, by code. */
export const cities: readonly City[] = regions.cities;

/** First two digits of every province-level code of GB/T 2260. */
const PROVINCES = new Set(
  (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 " +
    "50 51 52 53 54 61 62 63 64 65 71 81 82"
  ).split(" "),
);

/** Six digits that begin with a province-level code of GB/T 2260. */
export function isRegionCode(text: string): boolean {
  return /^\d{6}$/.test(text) && PROVINCES.has(text.slice(0, 2));
}

/** The city a code belongs to: 510107 (武侯区) is in 510100 (成都市). Undefined outside Sichuan's 21. */
export function cityOf(regionCode: string): City | undefined {
  return cities.find((city) => city.code.slice(0, 4) === regionCode.slice(0, 4));
}

/** Name for people: the city's for a code of Sichuan, the province's for 510000, else the code itself. */
export function regionName(regionCode: string): string {
  if (regionCode === province.code) return province.name;
  return cityOf(regionCode)?.name ?? regionCode;
}
