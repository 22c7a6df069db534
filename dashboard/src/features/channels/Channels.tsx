// Who is told: the channels as a list, one of them being changed, or a new one. Which of these
// is shown stands in the URL: ?add, ?add=ntfy, ?edit=3.
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useChannelKinds, useChannels } from "@/api/channels";
import type { Channel, ChannelKind } from "@/api/types";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { useToast } from "@/ui/Toasts";
import { ChannelForm } from "./ChannelForm";
import { ChannelItem } from "./ChannelItem";
import styles from "./Channels.module.css";
import { Guide } from "./Guide";
import { KindChoice } from "./KindChoice";
import { LinkTelegram } from "./LinkTelegram";
import { text } from "./texts";
import { useTests, type Tests } from "./useTests";

export function Channels() {
  const channels = useChannels();
  const kinds = useChannelKinds();
  const tests = useTests();
  const error = channels.data && kinds.data ? null : (channels.error ?? kinds.error);
  if (error) {
    const again = (): void => {
      void channels.refetch();
      void kinds.refetch();
    };
    return (
      <Note
        tone="warn"
        icon="info"
        title={text("channels.failed")}
        action={<Button onClick={again}>{text("app.retry")}</Button>}
      >
        {error.message}
      </Note>
    );
  }
  if (!channels.data || !kinds.data) return <Skeleton height="16rem" />;
  return <Place channels={channels.data} kinds={kinds.data} tests={tests} />;
}

interface Props {
  channels: readonly Channel[];
  kinds: readonly ChannelKind[];
  tests: Tests;
}

function Place({ channels, kinds, tests }: Props) {
  const [params, setParams] = useSearchParams();
  const say = useToast();
  const toList = (): void => setParams({});
  const wanted = params.get("add");
  const kind = kinds.find((one) => one.kind === wanted);
  if (kind?.kind === "telegram") {
    return (
      <Sheet title={text("channels.addKind", { kind: kind.title })} onBack={toList}>
        <LinkTelegram onDone={toList} />
      </Sheet>
    );
  }
  if (kind) {
    const added = (channel: Channel): void => {
      say(text("channels.added", { name: channel.name }));
      tests.run(channel.id);
      toList();
    };
    return (
      <Sheet title={text("channels.addKind", { kind: kind.title })} onBack={toList}>
        <Guide name={kind.kind} />
        <ChannelForm kind={kind} channel={null} onDone={added} onCancel={toList} />
      </Sheet>
    );
  }
  if (wanted !== null) {
    return (
      <Sheet title={text("channels.choose")} onBack={toList}>
        <KindChoice kinds={kinds} onChoose={(name) => setParams({ add: name })} />
      </Sheet>
    );
  }
  if (params.has("edit")) {
    const channel = channels.find((one) => String(one.id) === params.get("edit"));
    return <Edit channel={channel} kinds={kinds} onBack={toList} />;
  }
  return <List channels={channels} kinds={kinds} tests={tests} />;
}

interface SheetProps {
  title: string;
  onBack: () => void;
  children: ReactNode;
}

function Sheet({ title, onBack, children }: SheetProps) {
  return (
    <section className={styles.sheet} aria-label={title}>
      <Button look="quiet" icon="back" className={styles.back} onClick={onBack}>
        {text("channels.back")}
      </Button>
      <h2 className={styles.title}>{title}</h2>
      {children}
    </section>
  );
}

interface EditProps {
  channel: Channel | undefined;
  kinds: readonly ChannelKind[];
  onBack: () => void;
}

function Edit({ channel, kinds, onBack }: EditProps) {
  const say = useToast();
  const kind = kinds.find((one) => one.kind === channel?.kind);
  if (!channel || !kind || channel.built_in) {
    return (
      <Sheet title={text("channels.gone")} onBack={onBack}>
        <p>{text("channels.gone.text")}</p>
      </Sheet>
    );
  }
  const saved = (): void => {
    say(text("channels.saved"));
    onBack();
  };
  return (
    <Sheet title={text("channels.editOf", { name: channel.name })} onBack={onBack}>
      <ChannelForm kind={kind} channel={channel} onDone={saved} onCancel={onBack} />
    </Sheet>
  );
}

function List({ channels, kinds, tests }: Props) {
  const [, setParams] = useSearchParams();
  const add = (): void => setParams({ add: "" });
  if (channels.length === 0) {
    return (
      <EmptyState
        mood="empty"
        level={2}
        title={text("channels.none")}
        actions={
          <Button look="primary" icon="plus" onClick={add}>
            {text("channels.add")}
          </Button>
        }
      >
        {text("channels.none.text")}
      </EmptyState>
    );
  }
  return (
    <>
      <div className={styles.bar}>
        <p className={styles.lead}>{text("channels.lead")}</p>
        <Button look="primary" icon="plus" onClick={add}>
          {text("channels.add")}
        </Button>
      </div>
      <ul className={styles.list} aria-label={text("channels.title")}>
        {channels.map((channel) => (
          <ChannelItem
            key={channel.id}
            channel={channel}
            kind={kinds.find((one) => one.kind === channel.kind)}
            isLast={channels.filter((one) => one.enabled).length < 2}
            trial={tests.of(channel.id)}
            onTest={() => tests.run(channel.id)}
          />
        ))}
      </ul>
    </>
  );
}
