import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { text } from "./texts";

export function Failed() {
  return (
    <Note tone="warn" icon="wifiOff" title={text("learn.failed")} announced>
      {text("learn.failed.advice")}
    </Note>
  );
}

export function Loading() {
  return (
    <div role="group" aria-busy="true" aria-label={text("learn.loading")}>
      <Skeleton height="12rem" />
    </div>
  );
}
