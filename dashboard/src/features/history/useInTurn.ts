// Charts are heavy: drawn one after the other, with the browser free in between, they let a
// phone react while they come.
import { useEffect, useState } from "react";

/** Those in sight at first are drawn at once. */
const AT_ONCE = 2;

/** How many of `count` things may be drawn by now. */
export function useInTurn(count: number): number {
  const [drawn, setDrawn] = useState(AT_ONCE);
  useEffect(() => {
    if (drawn >= count) return;
    const timer = setTimeout(() => setDrawn(drawn + 1), 0);
    return () => clearTimeout(timer);
  }, [drawn, count]);
  return drawn;
}
