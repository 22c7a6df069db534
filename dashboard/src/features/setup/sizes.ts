// How much there is of something, in words.
import { currentLanguage } from "@/lib/texts";
import { text } from "./texts";

const UNITS = ["kB", "MB", "GB", "TB"];

/** 1,234,567 bytes are "1.2 MB": decimal, as disks are sold. */
export function size(bytes: number): string {
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 9.95 ? 1 : 0;
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const number = new Intl.NumberFormat(currentLanguage(), places).format(value);
  return `${number}\u00a0${UNITS[unit] ?? ""}`;
}

/** How long the disk lasts at this rate; null when that cannot be said. */
export function diskLasts(free: number | null, perYear: number | null): string | null {
  if (free === null || perYear === null || perYear <= 0) return null;
  const years = free / perYear;
  if (years >= 50) return text("data.lasts.long");
  if (years >= 2) return text("data.lasts.years", { count: Math.floor(years) });
  return text("data.lasts.months", { count: Math.max(1, Math.floor(years * 12)) });
}
