// Short names for what the contract (schema.d.ts, generated from api/openapi.yaml) describes.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type WireMiner = Schemas["Miner"];
export type Summary = Schemas["Summary"];
export type Health = Schemas["Health"];
export type HealthProblem = Schemas["HealthProblem"];
export type History = Schemas["History"];
export type Gap = Schemas["Gap"];
export type Episode = Schemas["Episode"];
export type EpisodeList = Schemas["EpisodeList"];
export type EpisodeDetail = Schemas["EpisodeDetail"];
export type EpisodeEvent = Schemas["EpisodeEvent"];
export type Delivery = Schemas["Delivery"];
export type Mute = Schemas["Mute"];
export type NewMute = Schemas["NewMute"];
export type Rule = Schemas["Rule"];
export type RuleChange = Schemas["RuleChange"];
export type RulePreview = Schemas["RulePreview"];
export type PreviewEpisode = RulePreview["episodes"][number];
export type Drill = Schemas["Drill"];
export type Glossary = Schemas["Glossary"];
export type Odds = Schemas["Odds"];
export type Records = Schemas["Records"];
export type Channel = Schemas["Channel"];
export type ChannelChange = Schemas["ChannelChange"];
export type ChannelField = Schemas["ChannelField"];
export type ChannelKind = Schemas["ChannelKind"];
export type ChannelTest = Schemas["ChannelTest"];
export type ChatRole = Schemas["ChatRole"];
export type NewChannel = Schemas["NewChannel"];
export type TelegramBot = Schemas["TelegramBot"];
export type TelegramLink = Schemas["TelegramLink"];
export type TelegramLinkState = Schemas["TelegramLinkState"];
export type Hello = Schemas["EventHello"];
export type Removed = Schemas["EventRemoved"];
export type NewMiner = Schemas["NewMiner"];
export type MinerChange = Schemas["MinerChange"];
export type Problem = Schemas["Problem"];

/** A miner as the page keeps it: with the moment it came here, by this device's clock. */
export type Miner = WireMiner & { arrived_ms: number };

/** How the page hears from the monitor. `heard_ms`: when it last did, by this device's clock. */
export interface Connection {
  state: "connecting" | "live" | "polling" | "lost";
  heard_ms: number | null;
}
