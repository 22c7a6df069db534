// Telegram in three steps: a bot, a chat that is linked by QR code, a message that arrives.
import { useEffect, useState, type SubmitEvent } from "react";
import { useQueryClient } from "@tanstack/react-query";
import {
  useChats,
  useLinkState,
  useLinkTelegram,
  useTelegramBot,
  useTestChannel,
  type Channel,
  type TelegramLink,
} from "@/api/setup";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { TextField } from "@/ui/TextField";
import styles from "./Setup.module.css";
import { text } from "./texts";

export function Telegram() {
  const bot = useTelegramBot();
  const chats = useChats();
  const link = useLinkTelegram();
  if (bot.error) return <Note tone="warn" icon="info" title={bot.error.message} />;
  if (!bot.data || !chats.data) return <Skeleton height="8rem" />;
  return (
    <div className={styles.telegram}>
      {chats.data.map((chat) => (
        <Chat key={chat.id} chat={chat} />
      ))}
      {link.data ? (
        <Code key={link.data.code} link={link.data} onAgain={() => link.mutate(null)} />
      ) : (
        <Begin
          hasBot={bot.data.configured}
          linked={chats.data.length > 0}
          busy={link.isPending}
          error={link.error?.message ?? null}
          onLink={(token) => link.mutate(token)}
        />
      )}
    </div>
  );
}

interface BeginProps {
  hasBot: boolean;
  linked: boolean;
  busy: boolean;
  error: string | null;
  onLink: (token: string | null) => void;
}

function Begin({ hasBot, linked, busy, error, onLink }: BeginProps) {
  const [token, setToken] = useState("");
  const [missing, setMissing] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setMissing(!hasBot && token.trim() === "");
    if (hasBot) onLink(null);
    else if (token.trim() !== "") onLink(token.trim());
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {!hasBot && (
        <>
          <p className={styles.text}>{text("telegram.noBot")}</p>
          <ol className={styles.list}>
            <li>{text("telegram.noBot.1")}</li>
            <li>{text("telegram.noBot.2")}</li>
            <li>{text("telegram.noBot.3")}</li>
          </ol>
          <TextField
            label={text("telegram.token")}
            error={missing ? text("telegram.token.missing") : error}
            autoComplete="off"
            spellCheck={false}
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </>
      )}
      {hasBot && error && <Note tone="bad" icon="info" title={error} announced />}
      <div className={styles.actions}>
        <Button type="submit" look={linked ? "plain" : "primary"} icon="bell" busy={busy}>
          {text(linked ? "telegram.another" : "telegram.begin")}
        </Button>
      </div>
    </form>
  );
}

function Code({ link, onAgain }: { link: TelegramLink; onAgain: () => void }) {
  const { data } = useLinkState(link.code);
  const queries = useQueryClient();
  const state = data?.state ?? "waiting";
  useEffect(() => {
    if (state === "used") void queries.invalidateQueries({ queryKey: ["channels", "telegram"] });
  }, [state, queries]);
  if (state === "used") {
    const title = text("telegram.linked", { chat: data?.chat ?? link.username });
    return <Note tone="good" icon="check" title={title} announced />;
  }
  if (state === "expired") {
    return (
      <Note
        tone="warn"
        icon="info"
        title={text("telegram.expired")}
        announced
        action={<Button onClick={onAgain}>{text("telegram.again")}</Button>}
      />
    );
  }
  return (
    <>
      <p>{text("telegram.scan", { bot: link.username })}</p>
      <img
        className={styles.qr}
        alt={text("telegram.qr")}
        src={`data:image/svg+xml,${encodeURIComponent(link.qr_svg)}`}
      />
      <p className={styles.actions}>
        <a href={link.url} target="_blank" rel="noreferrer">
          {text("telegram.open")}
        </a>
        <span role="status">{text("telegram.waiting")}</span>
      </p>
    </>
  );
}

function Chat({ chat }: { chat: Channel }) {
  const test = useTestChannel();
  const result = test.data;
  return (
    <div className={styles.form}>
      <div className={styles.row}>
        <span className={styles.name}>{text("telegram.goes", { chat: chat.name })}</span>
        <Button busy={test.isPending} icon="bell" onClick={() => test.mutate(chat.id)}>
          {text("telegram.test")}
        </Button>
      </div>
      {result && (
        <Note
          tone={result.delivered ? "good" : "bad"}
          icon={result.delivered ? "check" : "info"}
          title={result.delivered ? text("telegram.test.done") : result.answer}
          announced
        />
      )}
      {test.error && <Note tone="bad" icon="info" title={test.error.message} announced />}
    </div>
  );
}
