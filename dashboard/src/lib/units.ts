// The units that the owner chose. A choice made once for the whole page, not a property that every
// figure hands on; App mounts the page anew when it changes.
export type TemperatureUnit = "C" | "F";

let shown: TemperatureUnit = "C";

export function showTemperaturesIn(unit: TemperatureUnit): void {
  shown = unit;
}

export const temperatureUnit = (): string => `°${shown}`;

/** Degrees Celsius, as everything inside counts, in the unit that is shown. */
export const shownDegrees = (celsius: number, unit: TemperatureUnit = shown): number =>
  unit === "F" ? celsius * 1.8 + 32 : celsius;

/** The other way: what somebody typed in the unit that is shown. */
export const celsiusOf = (degrees: number, unit: TemperatureUnit = shown): number =>
  unit === "F" ? (degrees - 32) / 1.8 : degrees;
