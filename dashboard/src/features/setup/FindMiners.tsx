// The search of the home network. What it finds waits for a person to say yes.
import { useState, type SubmitEvent } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useAddMiner } from "@/api/actions";
import { useBeginScan, useCancelScan, useScan, type FoundMiner, type Scan } from "@/api/setup";
import { asSentence, findText } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { Label } from "@/ui/Label";
import { Meter } from "@/ui/Meter";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { TextField } from "@/ui/TextField";
import styles from "./Setup.module.css";
import { text } from "./texts";

export function FindMiners() {
  const scan = useScan();
  if (scan.error) return <Note tone="bad" icon="info" title={scan.error.message} announced />;
  if (!scan.data) return <Skeleton height="10rem" />;
  return (
    <>
      <Progress scan={scan.data} />
      {scan.data.found.length > 0 && (
        <ul className={styles.found}>
          {scan.data.found.map((found) => (
            <Found key={found.address} found={found} />
          ))}
        </ul>
      )}
      {scan.data.state !== "running" && <SearchForm scan={scan.data} />}
    </>
  );
}

function Progress({ scan }: { scan: Scan }) {
  const cancel = useCancelScan();
  const count = scan.found.length;
  if (scan.state === "idle") return null;
  if (scan.state === "running") {
    const values = { asked: scan.asked, total: scan.total, network: scan.network ?? "" };
    return (
      <div className={styles.form}>
        <p role="status">{text("find.running", values)}</p>
        <Meter tone="accent" fill={scan.asked / Math.max(1, scan.total)} />
        <div className={styles.actions}>
          <Button look="quiet" icon="cross" onClick={() => cancel.mutate()}>
            {text("find.cancel")}
          </Button>
        </div>
      </div>
    );
  }
  if (count === 0) {
    return (
      <Note tone="warn" icon="question" title={text("find.nothing")} announced>
        {text("find.nothing.advice")}
      </Note>
    );
  }
  return <p role="status">{text("find.done", { count })}</p>;
}

function Found({ found }: { found: FoundMiner }) {
  const add = useAddMiner();
  const queries = useQueryClient();
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ["scan"] });
  const name = found.hostname ?? found.model ?? found.address;
  return (
    <li className={styles.miner}>
      <div className={styles.minerWords}>
        <p className={styles.name}>{name}</p>
        <p className={styles.text}>
          {[found.model, found.address.replace("http://", "")].filter(Boolean).join(" · ")}
        </p>
        {add.error && <p role="alert">{add.error.message}</p>}
      </div>
      {found.miner_id !== null ? (
        <Label tone="good" icon="check">
          {text("find.watched")}
        </Label>
      ) : (
        <Button
          look="primary"
          icon="plus"
          busy={add.isPending}
          aria-label={text("find.add.named", { name })}
          onClick={() =>
            add.mutate({ address: found.address, verify: true }, { onSettled: refresh })
          }
        >
          {text("find.add")}
        </Button>
      )}
    </li>
  );
}

function SearchForm({ scan }: { scan: Scan }) {
  const [network, setNetwork] = useState(scan.network ?? scan.networks[0] ?? "");
  const begin = useBeginScan();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    begin.mutate(network.trim() || null);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {scan.problem && scan.state === "idle" && (
        <Note tone="warn" icon="info">
          {findText(`find.problem.${scan.problem_code}`) ?? asSentence(scan.problem)}
        </Note>
      )}
      <TextField
        label={text("find.network")}
        hint={text("find.network.hint")}
        error={begin.error?.message ?? null}
        autoComplete="off"
        spellCheck={false}
        value={network}
        onChange={(event) => setNetwork(event.target.value)}
      />
      <div className={styles.actions}>
        <Button
          type="submit"
          look={scan.found.length > 0 ? "plain" : "primary"}
          icon="refresh"
          busy={begin.isPending}
        >
          {text(scan.state === "idle" ? "find.begin" : "find.again")}
        </Button>
      </div>
    </form>
  );
}
