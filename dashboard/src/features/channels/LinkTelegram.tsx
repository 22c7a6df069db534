// Links a Telegram chat: a code to scan, and the wait until somebody pressed Start.
import { useState, type SubmitEvent } from "react";
import { useLinkTelegram, useTelegramBot, useTelegramLink } from "@/api/channels";
import type { ChatRole, TelegramLink } from "@/api/types";
import { duration } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Select } from "@/ui/Select";
import { Skeleton } from "@/ui/Skeleton";
import { TextField } from "@/ui/TextField";
import { useNow } from "@/ui/useNow";
import { complaintOf } from "./form";
import { Guide } from "./Guide";
import styles from "./LinkTelegram.module.css";
import { text } from "./texts";

const ROLES: readonly ChatRole[] = ["owner", "member", "viewer"];

export function LinkTelegram({ onDone }: { onDone: () => void }) {
  const [link, setLink] = useState<TelegramLink | null>(null);
  const again = (): void => setLink(null);
  if (link === null) return <Begin onLink={setLink} />;
  return <Waiting key={link.code} link={link} onAgain={again} onDone={onDone} />;
}

function Begin({ onLink }: { onLink: (link: TelegramLink) => void }) {
  const bot = useTelegramBot();
  const make = useLinkTelegram();
  const [token, setToken] = useState("");
  const [role, setRole] = useState<ChatRole>("owner");
  const [isMissing, setMissing] = useState(false);
  if (bot.isPending) return <Skeleton height="12rem" />;
  const needsToken = bot.data?.configured !== true;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const lacks = needsToken && token.trim() === "";
    setMissing(lacks);
    if (lacks || make.isPending) return;
    make.mutate({ role, token: needsToken ? token.trim() : undefined }, { onSuccess: onLink });
  };
  const refused = make.error ? complaintOf(make.error.message).words : null;
  return (
    <>
      <Guide name={needsToken ? "telegram" : "linked"} />
      <form className={styles.form} onSubmit={submit} noValidate>
        {bot.data?.username && <p>{text("link.bot", { username: bot.data.username })}</p>}
        {needsToken && (
          <TextField
            type="password"
            label={text("link.token")}
            hint={text("link.token.hint")}
            autoComplete="off"
            value={token}
            error={isMissing ? text("channels.needed") : refused}
            onChange={(event) => setToken(event.target.value)}
          />
        )}
        <Select
          label={text("channels.role")}
          value={role}
          options={ROLES.map((value) => ({ value, label: text(`channels.role.${value}`) }))}
          onChange={setRole}
        />
        {!needsToken && refused && <Note tone="bad" icon="info" title={refused} announced />}
        <Button type="submit" look="primary" busy={make.isPending}>
          {text(make.isPending ? "link.making" : "link.make")}
        </Button>
      </form>
    </>
  );
}

interface WaitingProps {
  link: TelegramLink;
  onAgain: () => void;
  onDone: () => void;
}

function Waiting({ link, onAgain, onDone }: WaitingProps) {
  const { data, error } = useTelegramLink(link.code);
  if (data?.state === "used") {
    const chat = data.chat ?? text("link.someone");
    return (
      <Note
        tone="good"
        icon="check"
        title={text("link.linked", { chat })}
        action={
          <Button look="primary" onClick={onDone}>
            {text("link.done")}
          </Button>
        }
        announced
      >
        {text("link.linked.text")}
      </Note>
    );
  }
  // Unknown to a monitor that was started anew meanwhile.
  const isUnknown = error !== null && "status" in error && error.status === 404;
  if (data?.state === "expired" || isUnknown) {
    return (
      <Note
        tone="warn"
        icon="info"
        title={text(isUnknown ? "link.unknown" : "link.expired")}
        action={<Button onClick={onAgain}>{text("link.again")}</Button>}
        announced
      >
        {text("link.expired.text")}
      </Note>
    );
  }
  return <Code link={link} isLost={error !== null} />;
}

function Code({ link, isLost }: { link: TelegramLink; isLost: boolean }) {
  const now_ms = useNow(1000);
  const { username } = link;
  const left_s = Math.max(0, (Date.parse(link.expires_at) - now_ms) / 1000);
  return (
    <div className={styles.code}>
      {/* As a picture the document can do nothing but be seen. */}
      <img
        className={styles.qr}
        src={`data:image/svg+xml,${encodeURIComponent(link.qr_svg)}`}
        alt={text("link.qr", { username })}
      />
      <div className={styles.words}>
        <h3 className={styles.heading}>{text("link.scan")}</h3>
        <p>{text("link.scan.text", { username })}</p>
        <p>
          <a href={link.url} target="_blank" rel="noreferrer">
            {text("link.open")}
          </a>
        </p>
        <p>
          <a href={link.group_url} target="_blank" rel="noreferrer">
            {text("link.group")}
          </a>
        </p>
        <p className={styles.soft}>
          {isLost ? text("link.lost") : text("link.waiting", { span: duration(left_s) })}
        </p>
      </div>
    </div>
  );
}
