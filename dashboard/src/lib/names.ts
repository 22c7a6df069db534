// The order of names as people count: "Miner 2" before "Miner 10".

let collator: Intl.Collator | undefined;

/** Made at its first use: the browser reads its tables for it. */
export function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  return collator.compare(a, b);
}
