import { useCallback } from "react";
import { useSearchParams } from "wouter";

const PARAM = "dialog";

/** Which dialog is open stands in the URL: "back" closes it and a link can open it. */
export function useDialogParam(): [string | null, (name: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const open = useCallback(
    (name: string | null) =>
      setParams(
        (now) => {
          const next = new URLSearchParams(now);
          if (name === null) next.delete(PARAM);
          else next.set(PARAM, name);
          return next;
        },
        // Closing leaves no step behind that would open the dialog again.
        { replace: name === null },
      ),
    [setParams],
  );
  return [params.get(PARAM), open];
}
