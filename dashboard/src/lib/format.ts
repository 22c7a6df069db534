// Values as people read them. Unknown (null) is always "–", never 0.
import { currentLanguage, text } from "./texts";
import { shownDegrees, temperatureUnit } from "./units";

export interface Parts {
  value: string;
  unit: string;
}

const UNKNOWN: Parts = { value: text("app.unknown"), unit: "" };

const formatters = new Map<number, Intl.NumberFormat>();

function fixed(value: number, decimals: number): string {
  let formatter = formatters.get(decimals);
  if (!formatter) {
    formatter = new Intl.NumberFormat(currentLanguage(), {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formatters.set(decimals, formatter);
  }
  return formatter.format(value).replace("-", "\u2212");
}

/** Three digits that mean something: 4.29, 42.9, 429. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 9.995) return fixed(value, 2);
  return fixed(value, size < 99.95 ? 1 : 0);
}

function scaled(value: number, units: readonly string[]): Parts {
  let index = 0;
  let rest = value;
  while (Math.abs(rest) >= 999.5 && index < units.length - 1) {
    rest /= 1000;
    index++;
  }
  return { value: threeDigits(rest), unit: units[index] ?? "" };
}

function known(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** 1071.3 GH/s is "1.07 TH/s". */
export function hashrateParts(ghs: number | null): Parts {
  if (!known(ghs)) return UNKNOWN;
  if (ghs !== 0 && Math.abs(ghs) < 0.9995) return scaled(ghs * 1000, ["MH/s"]);
  return scaled(ghs, ["GH/s", "TH/s", "PH/s", "EH/s"]);
}

/** 4290000000 is "4.29 G". */
export function difficultyParts(difficulty: number | null): Parts {
  if (!known(difficulty)) return UNKNOWN;
  if (Math.abs(difficulty) < 999.5) return { value: fixed(difficulty, 0), unit: "" };
  return scaled(difficulty, ["", "k", "M", "G", "T", "P", "E"]);
}

export function temperatureParts(celsius: number | null, decimals = 0): Parts {
  if (!known(celsius)) return UNKNOWN;
  return { value: fixed(shownDegrees(celsius), decimals), unit: temperatureUnit() };
}

export function powerParts(watts: number | null): Parts {
  if (!known(watts)) return UNKNOWN;
  return watts < 999.5
    ? { value: fixed(watts, watts < 99.95 ? 1 : 0), unit: "W" }
    : scaled(watts / 1000, ["kW", "MW"]);
}

export function efficiencyParts(joulesPerTerahash: number | null): Parts {
  if (!known(joulesPerTerahash)) return UNKNOWN;
  return { value: fixed(joulesPerTerahash, joulesPerTerahash < 99.95 ? 1 : 0), unit: "J/TH" };
}

export function countParts(value: number | null, unit = ""): Parts {
  return known(value) ? { value: fixed(value, 0), unit } : UNKNOWN;
}

export function percentParts(value: number | null, decimals = 0): Parts {
  return known(value) ? { value: fixed(value, decimals), unit: "%" } : UNKNOWN;
}

/** Millivolts as volts, the way they are printed on supplies and shown in settings. */
export function voltageParts(millivolts: number | null): Parts {
  return known(millivolts) ? { value: fixed(millivolts / 1000, 2), unit: "V" } : UNKNOWN;
}

export function energyParts(kilowattHours: number | null): Parts {
  if (!known(kilowattHours)) return UNKNOWN;
  return kilowattHours < 999.5
    ? { value: threeDigits(kilowattHours), unit: "kWh" }
    : scaled(kilowattHours / 1000, ["MWh", "GWh"]);
}

/** Watts kept up for a day. */
export function energyPerDay(watts: number | null): string {
  return joined(energyParts(known(watts) ? (watts * 24) / 1000 : null));
}

/** Value and unit with a space that does not break. */
export function joined(parts: Parts): string {
  return parts.unit === "" ? parts.value : `${parts.value}\u00a0${parts.unit}`;
}

export const hashrate = (ghs: number | null): string => joined(hashrateParts(ghs));
export const difficulty = (value: number | null): string => joined(difficultyParts(value));
export const temperature = (celsius: number | null, decimals = 0): string =>
  joined(temperatureParts(celsius, decimals));
/** Of what is in the unit that is shown already. */
export const degrees = (value: number | null, decimals = 0): string =>
  joined(known(value) ? { value: fixed(value, decimals), unit: temperatureUnit() } : UNKNOWN);
export const voltage = (millivolts: number | null): string => joined(voltageParts(millivolts));

/** The share of a whole as "98 %"; unknown when the whole is unknown or zero. */
export function percentOf(part: number | null, whole: number | null): string {
  if (!known(part) || !known(whole) || whole <= 0) return UNKNOWN.value;
  return joined(percentParts((part / whole) * 100));
}
