// What is told of a device, group by group, and which word of the glossary explains it.
import type { Device } from "@/api/device";
import type { Miner } from "@/api/types";
import * as format from "@/lib/format";
import { duration, localTime } from "@/lib/time";
import { text } from "./texts";
import { fanWords, placeWords, restartWords, setAndReal, wifiWords } from "./words";

export interface Fact {
  title: string;
  /** Null: the device does not say. */
  value: string | null;
  /** A word of the glossary, or the explanation itself. */
  term?: string;
  meaning?: string;
  link?: string;
}

export interface FactGroup {
  title: string;
  facts: Fact[];
}

function chipOf({ asic_model, asic_count }: Miner): string | null {
  if (asic_model === null || asic_count === null || asic_count < 2) return asic_model;
  return text("facts.chips", { count: asic_count, model: asic_model });
}

const yesNo = (value: boolean | null): string | null =>
  value === null ? null : text(value ? "facts.yes" : "facts.no");

function deviceGroup(miner: Miner, device: Device | null): FactGroup {
  const web = device?.web_version ?? null;
  // Newer firmware brings its page along, and says so in words that are no version.
  const differs = web !== null && web !== miner.firmware && /\d/.test(web);
  return {
    title: text("facts.device"),
    facts: [
      { title: text("facts.model"), value: miner.model, term: "board" },
      { title: text("facts.chip"), value: chipOf(miner), term: "asic" },
      { title: text("facts.firmware"), value: miner.firmware, term: "firmware" },
      ...(differs
        ? [{ title: text("facts.web"), value: web, meaning: text("facts.web.meaning") }]
        : []),
      {
        title: text("facts.restart"),
        value: restartWords(device?.reset_reason ?? null),
        term: "restart_reason",
      },
      {
        title: text("facts.uptime"),
        value: miner.sample.uptime_s === null ? null : duration(miner.sample.uptime_s),
        term: "uptime",
      },
    ],
  };
}

function paceGroup({ sample }: Miner, device: Device | null): FactGroup {
  return {
    title: text("facts.pace"),
    facts: [
      {
        title: text("facts.frequency"),
        value: setAndReal(sample.frequency_mhz, device?.frequency_actual_mhz ?? null, "MHz"),
        term: "frequency",
      },
      {
        title: text("facts.voltage"),
        value: setAndReal(sample.core_voltage_mv, sample.core_voltage_actual_mv, "mV"),
        term: "core_voltage",
      },
      { title: text("facts.fan"), value: device && fanWords(device.fan), term: "fan" },
    ],
  };
}

function networkGroup(miner: Miner, device: Device | null): FactGroup {
  const address = miner.address.replace(/^http:\/\//, "");
  const ip = device?.ip ?? null;
  return {
    title: text("facts.network"),
    facts: [
      {
        title: text("facts.address"),
        value: address,
        term: "ip_address",
        link: miner.address,
      },
      // Where the address is a name, or leads through something else.
      ...(ip === null || address.startsWith(ip)
        ? []
        : [{ title: text("facts.ip"), value: ip, term: "ip_address" }]),
      { title: text("facts.hostname"), value: miner.hostname, term: "hostname" },
      { title: text("facts.mac"), value: miner.mac, term: "mac_address" },
      { title: text("facts.wifi"), value: wifiWords(miner.sample.wifi_rssi_dbm), term: "wifi" },
    ],
  };
}

function poolGroup({ pool, sample }: Miner, device: Device | null): FactGroup {
  const place = pool && placeWords(pool);
  const fallback = device?.fallback_pool ?? null;
  return {
    title: text("facts.pool"),
    facts: [
      {
        title: text("facts.poolHost"),
        value: place && pool.fallback ? text("facts.poolFallback", { place }) : place,
        term: "pool",
      },
      { title: text("facts.user"), value: device?.pool_user ?? null, term: "worker" },
      { title: text("facts.tls"), value: yesNo(device?.pool_tls ?? null), term: "tls" },
      {
        title: text("facts.difficulty"),
        value: sample.pool_difficulty === null ? null : format.difficulty(sample.pool_difficulty),
        term: "difficulty",
      },
      {
        title: text("facts.fallback"),
        value: fallback ? placeWords(fallback) : device && text("facts.fallback.none"),
        term: "fallback_pool",
      },
    ],
  };
}

function bestOf({ sample, best_diff_ever }: Miner): string | null {
  const best = best_diff_ever ?? sample.best_diff;
  if (best === null) return null;
  const session = sample.best_session_diff;
  if (session === null || session === best) return format.difficulty(best);
  const since = text("facts.bestSession", { best: format.difficulty(session) });
  return `${format.difficulty(best)}, ${since}`;
}

function blocksOf({ blocks_found }: Miner["sample"]): string | null {
  if (blocks_found === null) return null;
  return blocks_found === 0
    ? text("facts.blocks.none")
    : format.joined(format.countParts(blocks_found));
}

function workGroup(miner: Miner, now: Date): FactGroup {
  return {
    title: text("facts.work"),
    facts: [
      { title: text("facts.best"), value: bestOf(miner), term: "best_difficulty" },
      { title: text("facts.blocks"), value: blocksOf(miner.sample), term: "block" },
      {
        title: text("facts.added"),
        value: miner.created_at && localTime(miner.created_at, now),
        meaning: text("facts.added.meaning"),
      },
      {
        title: text("facts.seen"),
        value: miner.seen_at && localTime(miner.seen_at, now),
        meaning: text("facts.seen.meaning"),
      },
    ],
  };
}

const isTold = ({ value }: Fact): boolean => value !== null;

/** What is known, and nothing else. `device`: null until it has come. */
export function factGroups(miner: Miner, device: Device | null, now: Date): FactGroup[] {
  const groups = [
    deviceGroup(miner, device),
    paceGroup(miner, device),
    poolGroup(miner, device),
    networkGroup(miner, device),
    workGroup(miner, now),
  ];
  return groups
    .map((group) => ({ ...group, facts: group.facts.filter(isTold) }))
    .filter(({ facts }) => facts.length > 0);
}
