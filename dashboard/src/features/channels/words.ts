// How a channel is doing and what it tells, in words. Pure.
import type { Channel } from "@/api/types";
import type { Tone } from "@/lib/attention";
import { localTime } from "@/lib/time";
import type { IconName } from "@/ui/Icon";
import { text } from "./texts";

export interface Standing {
  tone: Tone;
  icon: IconName;
  words: string;
}

export function standingOf(channel: Channel): Standing {
  if (!channel.enabled) return { tone: "calm", icon: "pause", words: text("channels.state.off") };
  if (channel.dead) return { tone: "bad", icon: "cross", words: text("channels.state.dead") };
  if (channel.problem !== null)
    return { tone: "warn", icon: "info", words: text("channels.state.problem") };
  if (channel.last_delivered_at === null)
    return { tone: "calm", icon: "question", words: text("channels.state.untried") };
  return { tone: "good", icon: "check", words: text("channels.state.works") };
}

/** When it last got something through, and what waits. */
export function pastOf({ last_delivered_at, waiting }: Channel, now: Date): string {
  const last =
    last_delivered_at === null
      ? text("channels.never")
      : text("channels.last", { time: localTime(last_delivered_at, now) });
  return waiting === 0 ? last : `${last} ${text("channels.waiting", { count: waiting })}`;
}

/** "Warnings and worse, and good news, of 2 miners. Quiet from 22:00 to 07:00." */
export function tellsOf(channel: Channel): string {
  const { least_severity, good_news, miners, quiet_hours, critical_passes } = channel;
  const parts = [
    text(`channels.severity.${least_severity}`),
    ...(good_news ? [] : [text("channels.tells.noGoodNews")]),
    ...(miners.length === 0 ? [] : [text("channels.tells.miners", { count: miners.length })]),
  ];
  const tells = `${parts.join(", ")}.`;
  if (quiet_hours === null) return tells;
  const quiet = text(critical_passes ? "channels.tells.quietButUrgent" : "channels.tells.quiet", {
    from: quiet_hours.from,
    to: quiet_hours.to,
  });
  return `${tells} ${quiet}`;
}
