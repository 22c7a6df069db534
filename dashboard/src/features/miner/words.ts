// What a device says of itself in its own terms, in words for people.
import * as format from "@/lib/format";
import { text } from "./texts";

/** As in the glossary: -50 is excellent, -67 is good, below -75 expect drop-outs. */
const WIFI = [
  { least: -55, words: "wifi.excellent" },
  { least: -67, words: "wifi.good" },
  { least: -75, words: "wifi.fair" },
  { least: -Infinity, words: "wifi.weak" },
] as const;

export function wifiWords(dbm: number | null): string | null {
  const strength = dbm === null ? undefined : WIFI.find(({ least }) => dbm >= least);
  if (!strength) return null;
  return text("facts.wifi.is", {
    words: text(strength.words),
    dbm: format.joined(format.countParts(dbm, "dBm")),
  });
}

/** ESP-IDF's reasons, as AxeOS and NerdOS spell them. The order matters: "power" is in many. */
const RESTARTS = [
  { says: /brown|glitch/i, words: "restart.brownout" },
  { says: /panic|exception|lockup|lock-up/i, words: "restart.crash" },
  { says: /watchdog|wdt/i, words: "restart.hang" },
  { says: /software|esp_restart|reset_sw|_sw\b/i, words: "restart.software" },
  { says: /power/i, words: "restart.power" },
] as const;

/** What the device said where it says nothing that is known here. */
export function restartWords(reason: string | null): string | null {
  if (reason === null) return null;
  const known = RESTARTS.find(({ says }) => says.test(reason));
  return known ? text(known.words) : reason;
}

/** "525 MHz set, 523 MHz measured"; only once when both are the same to the eye. */
export function setAndReal(set: number | null, real: number | null, unit: string): string | null {
  if (set === null) return null;
  const wanted = format.joined(format.countParts(set, unit));
  const measured = real === null ? null : format.joined(format.countParts(real, unit));
  if (measured === null) return text("facts.set", { set: wanted });
  if (measured === wanted) return wanted;
  return text("facts.setReal", { set: wanted, real: measured });
}

export function placeWords(pool: { host: string; port: number | null }): string {
  return pool.port === null ? pool.host : `${pool.host}:${pool.port}`;
}

export interface Fan {
  mode: string | null;
  target_c: number | null;
  set_pct: number | null;
}

export function fanWords({ mode, target_c, set_pct }: Fan): string | null {
  switch (mode) {
    case "target":
      return target_c === null
        ? text("facts.fan.target.unknown")
        : text("facts.fan.target", { target: format.temperature(target_c) });
    case "fixed":
      return set_pct === null
        ? text("facts.fan.fixed.unknown")
        : text("facts.fan.fixed", { set: format.joined(format.percentParts(set_pct)) });
    case "curve":
      return text("facts.fan.curve");
    default:
      return null;
  }
}
