import { useRemoveDemo } from "@/api/actions";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { useToast } from "@/ui/Toasts";
import styles from "./DemoNote.module.css";

export default function DemoNote() {
  const remove = useRemoveDemo();
  const say = useToast();
  return (
    <div className={styles.note}>
      <p>{remove.error?.message ?? text("miners.demo.note")}</p>
      <Button
        look="quiet"
        busy={remove.isPending}
        onClick={() =>
          remove.mutate(undefined, { onSuccess: () => say(text("miners.demo.removed")) })
        }
      >
        {text("miners.demo.remove")}
      </Button>
    </div>
  );
}
