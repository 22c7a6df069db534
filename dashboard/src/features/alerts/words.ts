// An episode in words: how it stands, how long it took, what was measured. Pure.
import type { Channel, Episode } from "@/api/types";
import type { Tone } from "@/lib/attention";
import { currentLanguage } from "@/lib/texts";
import { duration } from "@/lib/time";
import { shownDegrees, temperatureUnit } from "@/lib/units";
import type { IconName } from "@/ui/Icon";
import { text } from "./texts";

/** As many decimals as matter: 73.1, 950, 4.75, 0.35. */
function figure(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString(currentLanguage(), {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: false,
  });
}

const CELSIUS = "°C";

/** The unit of a rule as it is shown: temperatures in the one that the reader chose. */
export const shownUnit = (unit: string): string => (unit === CELSIUS ? temperatureUnit() : unit);

export function withUnit(value: number, unit: string): string {
  const shown = figure(unit === CELSIUS ? shownDegrees(value) : value);
  return unit === "" ? shown : `${shown}\u00a0${shownUnit(unit)}`;
}

/** "73.1 °C (limit 68 °C), at worst 75.2 °C"; as much of it as is known. */
export function measured({ value, limit, worst, unit }: Episode): string | null {
  if (value === null) return null;
  const now = withUnit(value, unit);
  const beside = limit === null ? "" : ` ${text("alerts.limit", { limit: withUnit(limit, unit) })}`;
  const extreme =
    worst === null || worst === value
      ? ""
      : `, ${text("alerts.worst", { worst: withUnit(worst, unit) })}`;
  return now + beside + extreme;
}

export function toneOf({ severity, state, good_news }: Episode): Tone {
  if (good_news) return "good";
  if (state !== "open") return "calm";
  return severity === "critical" ? "bad" : severity === "warning" ? "warn" : "calm";
}

export function iconOf({ good_news, state, severity }: Episode): IconName {
  if (good_news) return "star";
  if (state === "open") return severity === "info" ? "info" : "bell";
  return state === "moment" ? "info" : "check";
}

/** "since 02:10, 12 min", "over after 31 min", "acknowledged": how it stands. */
export function standing(episode: Episode, now_ms: number): string {
  const { state, acknowledged_at } = episode;
  if (state === "moment") return text("alerts.state.moment");
  const since_ms = Date.parse(episode.since ?? episode.raised_at ?? "");
  const until_ms = episode.ended_at === null ? now_ms : Date.parse(episode.ended_at);
  const span = duration(Math.max(0, (until_ms - since_ms) / 1000));
  if (state !== "open") return text(`alerts.state.${state}`, { span });
  return text(acknowledged_at === null ? "alerts.state.open" : "alerts.state.acknowledged", {
    span,
  });
}

/** Whose trouble it is. */
export function whose({ miner_name, miner_id, drill }: Episode): string {
  if (drill) return text("alerts.drill.miner");
  if (miner_name !== null) return miner_name;
  return text(miner_id === null ? "alerts.monitor" : "alerts.removedMiner");
}

/** Who was told, by the code in the outbox: "telegram" is the chat of the environment, "c12" the
 * channel with the number 12. `channels` is undefined until they are known. */
export function channelName(code: string, channels: readonly Channel[] | undefined): string {
  if (channels === undefined) return text("app.unknown");
  const id = code === "telegram" ? 0 : Number(code.slice(1));
  return channels.find((channel) => channel.id === id)?.name ?? text("alerts.removedChannel");
}
