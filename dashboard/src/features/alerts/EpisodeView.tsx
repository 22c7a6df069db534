// One episode with everything that belongs to it: what it means, what to do, what was told to
// whom, and what people noted. The chart around it comes in as `children`.
import { useState, type ReactNode, type SubmitEvent } from "react";
import { Link } from "wouter";
import { useAcknowledge, useMute, useNote } from "@/api/alerts";
import { useChannels } from "@/api/channels";
import type { Delivery, Episode, EpisodeDetail, EpisodeEvent } from "@/api/types";
import { asSentence } from "@/lib/texts";
import { localTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Label } from "@/ui/Label";
import { Note } from "@/ui/Note";
import { TextField } from "@/ui/TextField";
import { useToast } from "@/ui/Toasts";
import { useNow } from "@/ui/useNow";
import styles from "./EpisodeView.module.css";
import { text } from "./texts";
import { channelName, iconOf, measured, standing, toneOf, whose, withUnit } from "./words";

export function EpisodeView({ detail, children }: { detail: EpisodeDetail; children: ReactNode }) {
  const { episode, events, deliveries, notes } = detail;
  const now_ms = useNow(10_000);
  const tone = toneOf(episode);
  return (
    <>
      <header className={styles.head}>
        <Link to="/alerts" className={styles.back}>
          <Icon name="back" />
          {text("alerts.back")}
        </Link>
        <h1 className={styles.title}>
          {whose(episode)}: {episode.title}
        </h1>
        <p className={styles.about}>
          <Label tone={tone} icon={iconOf(episode)}>
            {standing(episode, now_ms)}
          </Label>
          {measured(episode)}
        </p>
        <Note tone={tone === "good" ? "good" : "calm"} icon="bulb" title={episode.meaning}>
          {episode.reason && <p>{asSentence(episode.reason)}</p>}
          {episode.detail && <p>{episode.detail}</p>}
          {episode.state === "open" && <p>{episode.advice}</p>}
        </Note>
        {episode.state === "open" && <Actions episode={episode} />}
      </header>
      {children}
      <section className={styles.columns}>
        <Events events={events} episode={episode} />
        <Deliveries deliveries={deliveries} />
        <Notes id={episode.id} notes={notes} />
      </section>
    </>
  );
}

const MUTE_CHOICES = [60, 8 * 60] as const;

function Actions({ episode }: { episode: Episode }) {
  const acknowledge = useAcknowledge(episode.id);
  const mute = useMute();
  const say = useToast();
  const muteFor = (minutes: number): void =>
    mute.mutate(
      { minutes, miner_id: episode.miner_id, rule: episode.rule },
      { onSuccess: () => say(text("alerts.muted")) },
    );
  const error = acknowledge.error ?? mute.error;
  return (
    <div className={styles.actions}>
      {episode.acknowledged_at === null && (
        <Button
          look="primary"
          icon="check"
          busy={acknowledge.isPending}
          onClick={() => acknowledge.mutate()}
        >
          {text("alerts.acknowledge")}
        </Button>
      )}
      {MUTE_CHOICES.map((minutes) => (
        <Button key={minutes} busy={mute.isPending} onClick={() => muteFor(minutes)}>
          {text("alerts.muteFor", { hours: minutes / 60 })}
        </Button>
      ))}
      {error && <Note tone="bad" icon="info" title={error.message} announced />}
    </div>
  );
}

function Events({ events, episode }: { events: readonly EpisodeEvent[]; episode: Episode }) {
  return (
    <div>
      <h2 className={styles.heading}>{text("alerts.events")}</h2>
      <ol className={styles.list}>
        {events.map((event) => (
          <li key={`${event.kind} ${event.at}`}>
            <strong>{text(`alerts.event.${event.kind}`)}</strong>{" "}
            {event.value !== null && <span>{withUnit(event.value, episode.unit)} </span>}
            <Time at={event.at} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function outcome({ delivered_at, given_up_at }: Delivery): string {
  if (delivered_at !== null) return text("alerts.delivered");
  return text(given_up_at === null ? "alerts.onItsWay" : "alerts.givenUp");
}

function Deliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { data: channels } = useChannels();
  return (
    <div>
      <h2 className={styles.heading}>{text("alerts.deliveries")}</h2>
      {deliveries.length === 0 && <p className={styles.none}>{text("alerts.deliveries.none")}</p>}
      <ol className={styles.list}>
        {deliveries.map((delivery) => (
          <li key={`${delivery.channel} ${delivery.created_at}`}>
            <strong>{channelName(delivery.channel, channels)}</strong> {outcome(delivery)}{" "}
            <Time at={delivery.delivered_at ?? delivery.created_at} />
            {delivery.error && <p className={styles.none}>{delivery.error}</p>}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Notes({ id, notes }: { id: number; notes: EpisodeDetail["notes"] }) {
  const note = useNote(id);
  const [words, setWords] = useState("");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (words.trim() === "") return;
    note.mutate(words.trim(), { onSuccess: () => setWords("") });
  };
  return (
    <div>
      <h2 className={styles.heading}>{text("alerts.notes")}</h2>
      <ol className={styles.list}>
        {notes.map((one) => (
          <li key={one.id}>
            {one.text} <Time at={one.at} />
          </li>
        ))}
      </ol>
      <form onSubmit={submit} className={styles.form}>
        <TextField
          label={text("alerts.note.label")}
          value={words}
          maxLength={499}
          onChange={(event) => setWords(event.target.value)}
          error={note.error?.message ?? null}
        />
        <Button type="submit" busy={note.isPending}>
          {text("alerts.note.submit")}
        </Button>
      </form>
    </div>
  );
}

function Time({ at }: { at: string | null }) {
  return (
    <time className={styles.time} dateTime={at ?? undefined}>
      {localTime(at, new Date())}
    </time>
  );
}
