// The top of a miner's page: who it is, how it is, and what can be done.
import { Link } from "wouter";
import { usePollMiner } from "@/api/actions";
import type { Miner } from "@/api/types";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Note } from "@/ui/Note";
import { useToast } from "@/ui/Toasts";
import { useDialogParam } from "@/ui/useDialogParam";
import { DemoLabel } from "./DemoLabel";
import styles from "./MinerHead.module.css";
import { SeenAge } from "./SeenAge";
import { StateLabel } from "./StateLabel";
import { Trouble } from "./Trouble";

export function MinerHead({ miner }: { miner: Miner }) {
  return (
    <header className={styles.head}>
      <Link to="/" className={styles.back}>
        <Icon name="back" />
        {text("app.home")}
      </Link>
      <div className={styles.row}>
        <div className={styles.who}>
          <h1 className={styles.name}>{miner.name}</h1>
          <p className={styles.about}>
            <StateLabel miner={miner} />
            <span>{miner.model ?? text("miner.modelUnknown")}</span>
            {miner.demo && <DemoLabel />}
            <SeenAge miner={miner} />
          </p>
        </div>
        <Actions miner={miner} />
      </div>
      <Trouble miner={miner} />
    </header>
  );
}

function Actions({ miner }: { miner: Miner }) {
  const poll = usePollMiner(miner.id);
  const [, openDialog] = useDialogParam();
  const say = useToast();
  const check = (): void => {
    const asked_ms = Date.now();
    const onSuccess = (answer: Miner): void => {
      const answered = answer.age_s !== null && answer.age_s * 1000 <= Date.now() - asked_ms + 1500;
      say(text(answered ? "miner.checked" : "miner.checkedSilent", { name: answer.name }));
    };
    poll.mutate(undefined, { onSuccess });
  };
  return (
    <div className={styles.actions}>
      <Button icon="refresh" busy={poll.isPending} onClick={check}>
        {text(poll.isPending ? "miner.checking" : "miner.checkNow")}
      </Button>
      <Menu
        label={text("miner.more")}
        items={[
          { label: text("miner.rename"), icon: "pencil", onSelect: () => openDialog("rename") },
          { label: text("miner.move"), icon: "route", onSelect: () => openDialog("move") },
          {
            label: text("miner.remove"),
            icon: "trash",
            danger: true,
            onSelect: () => openDialog("remove"),
          },
        ]}
      />
      {poll.error && <Note tone="bad" icon="info" title={poll.error.message} announced />}
    </div>
  );
}
