// What somebody types to find miners among many: words, and comparisons of figures.
//
//   temp>60 offline garage      all of them must hold
//   "miner 4"                   with the space
//
// A word is found in a miner's name, model, address, pool, firmware and state. A comparison has
// no space in it: a figure's short name, one of > < >= <= =, a number. Temperatures are meant in
// the unit that the page shows, unless theirs is typed too: temp>60C, temp>140F.
import { shownDegrees, temperatureUnit, type TemperatureUnit } from "./units";

export interface Searchable {
  name: string;
  model: string | null;
  address: string;
  hostname: string | null;
  board: string | null;
  firmware: string | null;
  asic_model: string | null;
  state: string;
  state_title: string;
  pool: { host: string } | null;
  sample: Record<string, number | null | undefined>;
}

/** Short names of figures, as somebody would type them. */
const FIGURES: Readonly<Record<string, string>> = {
  temp: "chip_temp_c",
  chip: "chip_temp_c",
  vr: "vr_temp_c",
  hash: "hashrate_ghs",
  hashrate: "hashrate_ghs",
  power: "power_w",
  watt: "power_w",
  eff: "efficiency_j_th",
  efficiency: "efficiency_j_th",
  fan: "fan_pct",
  rpm: "fan_rpm",
  wifi: "wifi_rssi_dbm",
  rssi: "wifi_rssi_dbm",
  error: "error_pct",
  errors: "error_pct",
  freq: "frequency_mhz",
  frequency: "frequency_mhz",
  uptime: "uptime_s",
  response: "response_ms",
};

/** What one of the typed number is in the figure's own unit, where that is not 1. */
const UNITS: Readonly<Record<string, number>> = {
  hashrate_ghs: 1000, // typed in TH/s, as the page shows it
  uptime_s: 3600, // typed in hours
};

/** For the words that explain the search: warm, in the unit that is shown. */
export const searchExample = (): { hot: number; unit: string } => ({
  hot: shownDegrees(60),
  unit: temperatureUnit(),
});

type Test = (miner: Searchable) => boolean;

const COMPARISON = /^([a-z]+)(>=|<=|>|<|=)(-?\d+(?:[.,]\d+)?)(?:°?([cf]))?$/;

const isTemperature = (figure: string): boolean => figure.endsWith("temp_c");

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => Math.round(a) === Math.round(b),
};

function comparison(word: string): Test | null {
  const [, name = "", sign = "", digits = "", letter] = COMPARISON.exec(word) ?? [];
  const figure = FIGURES[name];
  const compare = COMPARE[sign];
  if (!figure || !compare || (letter && !isTemperature(figure))) return null;
  const limit = Number(digits.replace(",", ".")) * (UNITS[figure] ?? 1);
  const unit = letter === undefined ? undefined : (letter.toUpperCase() as TemperatureUnit);
  return (miner) => {
    const value = miner.sample[figure];
    if (typeof value !== "number") return false;
    return compare(isTemperature(figure) ? shownDegrees(value, unit) : value, limit);
  };
}

function wordTest(word: string): Test {
  return (miner) =>
    [
      miner.name,
      miner.model,
      miner.address,
      miner.hostname,
      miner.firmware,
      miner.asic_model,
      miner.state,
      miner.state_title,
      miner.pool?.host,
    ].some((field) => field?.toLowerCase().includes(word));
}

/** True for miners that everything typed holds for; nothing typed holds for all. */
export function searchTest(typed: string): Test {
  const tests = [...typed.toLowerCase().matchAll(/"([^"]*)"?|\S+/g)].map(
    ([word, quoted]) => comparison(word) ?? wordTest(quoted ?? word),
  );
  return (miner) => tests.every((test) => test(miner));
}
