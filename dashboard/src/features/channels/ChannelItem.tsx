// One channel in the list: how it is doing, what it tells, a test, and what can be changed.
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useChangeChannel } from "@/api/channels";
import type { Channel, ChannelKind } from "@/api/types";
import { Button } from "@/ui/Button";
import { Label } from "@/ui/Label";
import { Note } from "@/ui/Note";
import { Switch } from "@/ui/Switch";
import { useNow } from "@/ui/useNow";
import styles from "./ChannelItem.module.css";
import { RemoveChannel } from "./RemoveChannel";
import { asSentence, text } from "./texts";
import type { Trial } from "./useTests";
import { pastOf, standingOf, tellsOf } from "./words";

interface Props {
  channel: Channel;
  kind: ChannelKind | undefined;
  /** No other is switched on. */
  isLast: boolean;
  trial: Trial | undefined;
  onTest: () => void;
}

export function ChannelItem({ channel, kind, isLast, trial, onTest }: Props) {
  const now_ms = useNow(10_000);
  const [isRemoving, setRemoving] = useState(false);
  const { tone, icon, words } = standingOf(channel);
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <div className={styles.words}>
          <h2 className={styles.name}>
            {channel.name}
            <Label tone={tone} icon={icon}>
              {words}
            </Label>
          </h2>
          <p className={styles.about}>
            {[
              channel.name === kind?.title ? null : kind?.title,
              channel.built_in ? text("channels.builtIn") : null,
              channel.settings.target,
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        {!channel.built_in && <OnOff channel={channel} />}
      </div>
      <p className={styles.about}>
        {tellsOf(channel)} {pastOf(channel, new Date(now_ms))}
      </p>
      {channel.problem !== null && (
        <Note tone={tone} icon="info" title={asSentence(channel.problem)} />
      )}
      {channel.built_in && <p className={styles.about}>{text("channels.builtIn.text")}</p>}
      <div className={styles.actions}>
        <Button icon="bell" busy={trial === "running"} onClick={onTest}>
          {text(trial === "running" ? "channels.testing" : "channels.test")}
        </Button>
        {!channel.built_in && <More channel={channel} onRemove={() => setRemoving(true)} />}
      </div>
      <Outcome trial={trial} />
      {isRemoving && (
        <RemoveChannel channel={channel} isLast={isLast} onClose={() => setRemoving(false)} />
      )}
    </li>
  );
}

function OnOff({ channel }: { channel: Channel }) {
  const change = useChangeChannel(channel.id);
  // The switch moves at once, and back when the monitor refuses.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const send = (enabled: boolean): void => {
    setWanted(enabled);
    change.mutate({ enabled }, { onSettled: () => setWanted(null) });
  };
  return (
    <>
      <Switch
        label={text("channels.switch", { name: channel.name })}
        checked={wanted ?? channel.enabled}
        busy={change.isPending}
        onChange={send}
      />
      {change.error && <Note tone="bad" icon="info" title={change.error.message} announced />}
    </>
  );
}

function More({ channel, onRemove }: { channel: Channel; onRemove: () => void }) {
  const [, setParams] = useSearchParams();
  return (
    <>
      <Button
        icon="pencil"
        aria-label={text("channels.editOf", { name: channel.name })}
        onClick={() => setParams({ edit: String(channel.id) })}
      >
        {text("channels.edit")}
      </Button>
      <Button
        look="quiet"
        icon="trash"
        aria-label={text("channels.removeOf", { name: channel.name })}
        onClick={onRemove}
      >
        {text("channels.remove")}
      </Button>
    </>
  );
}

/** What the service said to the test message. */
function Outcome({ trial }: { trial: Trial | undefined }) {
  return (
    <div role="status" className={styles.outcome}>
      {trial !== undefined && trial !== "running" && (
        <Note
          tone={trial.delivered ? "good" : "bad"}
          icon={trial.delivered ? "check" : "cross"}
          title={text(trial.delivered ? "channels.arrived" : "channels.refused")}
        >
          {asSentence(trial.answer)}
        </Note>
      )}
    </div>
  );
}
