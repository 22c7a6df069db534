// What electricity costs and what it heats. Every watt that goes in comes out as warmth.

/** What people call a candle: about 80 W of flame, most of it heat. */
const CANDLE_W = 80;
const PERSON_W = 100;
const HEATER_W = 2000;

export const DAYS = { day: 1, month: 365.25 / 12, year: 365.25 } as const;
export type Span = keyof typeof DAYS;

export const energy_kwh = (watts: number, span: Span): number => (watts * 24 * DAYS[span]) / 1000;

export interface Likeness {
  key: "bulb" | "candle" | "person" | "heater";
  /** Watts of the bulb, candles, or percent of the person or heater. */
  amount: number;
}

/** The comparison that fits the size best. */
export function likenessOf(watts: number): Likeness {
  if (watts <= 60) return { key: "bulb", amount: Math.max(5, Math.round(watts / 5) * 5) };
  if (watts <= 95) return { key: "person", amount: Math.round((watts / PERSON_W) * 100) };
  if (watts <= 800) return { key: "candle", amount: Math.round(watts / CANDLE_W) };
  return { key: "heater", amount: Math.round((watts / HEATER_W) * 100) };
}

/** "0.30" and "0,30"; null for what is no price. Empty is no price yet. */
export function readPrice(typed: string): number | null {
  const plain = typed.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}
