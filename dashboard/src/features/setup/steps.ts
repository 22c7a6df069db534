// The way through the first steps; the step is in the page's address. Pure.
export const STEPS = ["begin", "meet", "telegram", "electricity", "done"] as const;
export type Step = (typeof STEPS)[number];

/** How to begin: two ways have a page of their own, which belong to the first step. */
export const WAYS = ["find", "address"] as const;
export type Way = (typeof WAYS)[number];

export type Place = Step | Way;

export function placeOf(named: string | null): Place {
  return [...STEPS, ...WAYS].find((place) => place === named) ?? "begin";
}

/** 0 for the first. */
export function stepIndex(place: Place): number {
  const index = (STEPS as readonly string[]).indexOf(place);
  return index < 0 ? 0 : index;
}

export function placeAfter(place: Place): Place {
  return STEPS[Math.min(stepIndex(place) + 1, STEPS.length - 1)] ?? "done";
}

/** Null at the beginning. */
export function placeBefore(place: Place): Place | null {
  if (place === "find" || place === "address") return "begin";
  return STEPS[stepIndex(place) - 1] ?? null;
}
