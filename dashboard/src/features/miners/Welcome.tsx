// The first visit: no miner yet. It leads to the first steps, once; whoever comes back from there
// adds a miner here, or looks around with simulated ones.
import { useEffect } from "react";
import { useLocation } from "wouter";
import { useStartDemo } from "@/api/actions";
import { useHealth } from "@/api/queries";
import { useSettings } from "@/api/settings";
import { haveSeenFirstSteps } from "@/lib/first_steps";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { LinkButton } from "@/ui/LinkButton";
import { Note } from "@/ui/Note";
import { useToast } from "@/ui/Toasts";
import { AddressForm } from "./AddressForm";
import styles from "./Welcome.module.css";

export default function Welcome() {
  const demo = useHealth().data?.demo;
  if (useLeadToFirstSteps()) return null;
  return (
    <section className={styles.welcome} aria-label={text("miners.none.title")}>
      <div className={styles.card}>
        <h2 className={styles.title}>{text("miners.none.title")}</h2>
        <p>
          <LinkButton to="/welcome">{text("miners.none.begin")}</LinkButton>
        </p>
        <p className={styles.text}>{text("miners.none.text")}</p>
        <AddressForm />
      </div>
      {demo !== "unavailable" && <TryDemo />}
    </section>
  );
}

/** True while it is not known whether there is another page to go to, or on the way there. */
function useLeadToFirstSteps(): boolean {
  const [, goTo] = useLocation();
  const { data: settings, isPending } = useSettings();
  const leads = settings?.first_run === "pending" && !haveSeenFirstSteps();
  useEffect(() => {
    if (leads) goTo("/welcome", { replace: true });
  }, [leads, goTo]);
  return isPending || leads;
}

function TryDemo() {
  const start = useStartDemo();
  const say = useToast();
  const begin = (): void => {
    start.mutate(undefined, { onSuccess: () => say(text("miners.demo.started")) });
  };
  return (
    <div className={styles.demo}>
      <p>{text("miners.none.demo.text")}</p>
      <Button icon="spark" busy={start.isPending} onClick={begin}>
        {text(start.isPending ? "miners.none.demo.starting" : "miners.none.demo")}
      </Button>
      {start.error && <Note tone="bad" icon="info" title={start.error.message} announced />}
    </div>
  );
}
