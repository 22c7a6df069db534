// What electricity costs, in the money of whoever pays for it.
import { currentLanguage } from "./texts";

export interface Price {
  electricity_price_per_kwh: number | null;
  currency: string | null;
}

/** An amount as people of this page's language write it; small ones keep two digits that count. */
export function money(amount: number, currency: string | null): string {
  const digits = amount !== 0 && Math.abs(amount) < 0.1 ? { maximumSignificantDigits: 2 } : {};
  const style = currency === null ? {} : ({ style: "currency", currency } as const);
  const places = currency === null ? { maximumFractionDigits: 2 } : {};
  return new Intl.NumberFormat(currentLanguage(), { ...style, ...places, ...digits }).format(
    amount,
  );
}

/** Of watts kept up for some days; null while the price is not known. */
export function costOf(
  watts: number | null,
  days: number,
  price: Price | undefined,
): string | null {
  const perKwh = price?.electricity_price_per_kwh ?? null;
  if (watts === null || perKwh === null) return null;
  return money(((watts * 24) / 1000) * days * perKwh, price?.currency ?? null);
}
