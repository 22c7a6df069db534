// The units that the owner chose. A choice made once for the whole page, not a property that every
// figure hands on; App mounts the page anew when it changes.
export type TemperatureUnit = "C" | "F";

let shown: TemperatureUnit = "C";

export function showTemperaturesIn(unit: TemperatureUnit): void {
  shown = unit;
}

export const temperatureUnit = (): string => `°${shown}`;

/** Degrees Celsius, as everything inside counts, in the unit that is shown. */
export const shownDegrees = (celsius: number): number =>
  shown === "F" ? celsius * 1.8 + 32 : celsius;
