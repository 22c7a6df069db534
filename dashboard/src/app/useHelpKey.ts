import { useEffect, useState } from "react";

/** Whether "?" was pressed for the help on keys, and how to end it. */
export function useHelpKey(): [boolean, () => void] {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing =
        event.target instanceof Element && event.target.closest("input, textarea, select");
      if (event.key === "?" && !typing) setOpen(true);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return [open, () => setOpen(false)];
}
