// The fire drill: see the real messages arrive before there is a fire.
import { useDrill, useStartDrill } from "@/api/alerts";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { text } from "./texts";

export function DrillPlace() {
  const { data: drill } = useDrill();
  const start = useStartDrill();
  if (!drill) return null;
  const nobody = drill.channels.length === 0;
  return (
    <Note
      tone={nobody ? "warn" : "calm"}
      icon="bell"
      title={text("alerts.drill.title")}
      action={
        <Button busy={start.isPending || drill.running} onClick={() => start.mutate()}>
          {text(drill.running ? "alerts.drill.running" : "alerts.drill.start")}
        </Button>
      }
    >
      <p>{text("alerts.drill.text")}</p>
      <p>
        {nobody
          ? text("alerts.drill.nobody")
          : text("alerts.drill.channels", { channels: drill.channels.join(", ") })}
      </p>
      {start.error && <p role="alert">{start.error.message}</p>}
    </Note>
  );
}
