// The currencies of the world, as this browser knows them.
import { currentLanguage } from "@/lib/texts";

/** Where the money is not the euro. */
const OF_REGION: Readonly<Record<string, string>> = {
  US: "USD",
  GB: "GBP",
  CH: "CHF",
  CA: "CAD",
  AU: "AUD",
  NZ: "NZD",
  SE: "SEK",
  NO: "NOK",
  DK: "DKK",
  PL: "PLN",
  CZ: "CZK",
  HU: "HUF",
  MX: "MXN",
  AR: "ARS",
  CL: "CLP",
  CO: "COP",
  BR: "BRL",
  JP: "JPY",
  IN: "INR",
  ZA: "ZAR",
};

/** A first guess from a language tag such as "en-GB". */
export function guessCurrency(language: string): string {
  const region = /-([A-Z]{2})\b/.exec(language)?.[1] ?? "";
  return OF_REGION[region] ?? "EUR";
}

export function currencyOptions(chosen: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(currentLanguage(), { type: "currency" });
  const codes = new Set([chosen, ...Intl.supportedValuesOf("currency")]);
  return [...codes].sort().map((code) => ({ value: code, label: `${code} – ${names.of(code)}` }));
}

/** "0,30" and " 0.3 " are numbers too; null for what is none, or below zero. */
export function readPrice(typed: string): number | null {
  const price = Number(typed.trim().replace(",", "."));
  return typed.trim() !== "" && Number.isFinite(price) && price >= 0 ? price : null;
}

/** As it is typed, with the decimal sign of the language. */
export function typedPrice(price: number | null): string {
  return (
    price?.toLocaleString(currentLanguage(), { useGrouping: false, maximumFractionDigits: 6 }) ?? ""
  );
}
