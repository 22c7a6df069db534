// German: all of the page, and what the monitor says of states, reasons and rules.
import monitor from "@texts/de.json";

const parts = import.meta.glob<Record<string, string>>("../../../../texts/page/de/*.json", {
  eager: true,
  import: "default",
});

export const texts: Record<string, string> = Object.assign(
  {},
  monitor,
  ...Object.values(parts),
) as Record<string, string>;
