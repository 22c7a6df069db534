import { useState } from "react";
import { ageNow, ago, nextTick_ms } from "@/lib/time";
import { useNow } from "./useNow";

/** The honest age of something, ticking: "4 s ago". `age_s` is how old it was when it arrived. */
export function Age({ age_s, arrived_ms }: { age_s: number; arrived_ms: number }) {
  const [tick_ms, setTick] = useState(1000);
  // The clock may last have ticked before this arrived; ageNow bears that.
  const age = ageNow(age_s, arrived_ms, useNow(tick_ms)) ?? age_s;
  if (nextTick_ms(age) !== tick_ms) setTick(nextTick_ms(age));
  return <span>{ago(age)}</span>;
}
