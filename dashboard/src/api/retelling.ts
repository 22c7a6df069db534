// The monitor's sentences in the page's own language, from the same facts that it makes them of
// (src/engine/summary.c says them in English). A text that is missing stays as it came.
import says from "@texts/page/en/says.json";
import { hashrate, temperature } from "@/lib/format";
import { findText, registerTexts, text, type TextValues } from "@/lib/texts";
import { duration } from "@/lib/time";
import type { RuleWords, Retelling } from "./retold";
import type { Summary, WireMiner } from "./types";

registerTexts(says);

const say = (key: keyof typeof says, values: TextValues = {}): string => text(key, values);

const AWAY = ["offline", "unresponsive", "unknown"];

/** Too hot by what it says itself; one that is away says nothing. */
function isHot({ state, alerts }: WireMiner): boolean {
  return (
    !AWAY.includes(state) &&
    alerts.some((alert) => alert.rule === "chip_temp" || alert.rule === "vr_temp")
  );
}

interface Told {
  text: string;
  advice: string | null;
}

function rule<W extends RuleWords>(words: W): W {
  const key = `rule.${words.rule}`;
  return {
    ...words,
    title: findText(`${key}.title`) ?? words.title,
    meaning: findText(`${key}.meaning`) ?? words.meaning,
    advice: findText(`${key}.advice`) ?? words.advice,
  };
}

/** "Garage is there but gave no data", "... for 12 min" when it is known for how long. */
function silent(miner: WireMiner, key: "unresponsive" | "other_device" | "offline"): string {
  const { name, age_s } = miner;
  return age_s === null
    ? say(`says.${key}`, { name })
    : say(`says.${key}.for`, { name, span: duration(age_s) });
}

function hot({ name, sample, alerts }: WireMiner): Told {
  const chip = alerts.some((alert) => alert.rule === "chip_temp");
  const value = chip ? sample.chip_temp_c : sample.vr_temp_c;
  const key = value === null ? "says.hot" : chip ? "says.hot.chip" : "says.hot.vr";
  return {
    text: say(key, { name, value: temperature(value, 1) }),
    advice: findText(`rule.${chip ? "chip_temp" : "vr_temp"}.advice`),
  };
}

/** What there is to say of a state that wants no reason; null where one belongs to it. */
function calm({ name, state, sample }: WireMiner): string | null {
  switch (state) {
    case "hashing":
      return sample.hashrate_ghs === null
        ? say("says.hashing", { name })
        : say("says.hashing.at", { name, hashrate: hashrate(sample.hashrate_ghs) });
    case "starting":
    case "paused":
    case "unknown":
      return say(`says.${state}`, { name });
    default:
      return null;
  }
}

function troubled(miner: WireMiner): string {
  const { name, state, fault, reason_code } = miner;
  switch (state) {
    case "fault":
      return fault === null
        ? say("says.fault", { name })
        : say("says.fault.quoted", { name, fault });
    case "unresponsive":
      return silent(miner, reason_code === "other_device" ? "other_device" : "unresponsive");
    case "offline":
      return silent(miner, "offline");
    default:
      return say(state === "overheated" ? "says.overheated" : "says.not_hashing", { name });
  }
}

const reasonOf = ({ reason_code, reason }: WireMiner): string | null =>
  reason_code === null ? reason : (findText(`reason.${reason_code}.text`) ?? reason);

function told(miner: WireMiner): Told {
  if (isHot(miner)) return hot(miner);
  const quiet = calm(miner);
  if (quiet !== null) return { text: quiet, advice: null };
  const reason = reasonOf(miner);
  const what = troubled(miner);
  if (reason === null) return { text: `${what}.`, advice: null };
  return {
    text: say("says.because", { what, reason }),
    advice: findText(`reason.${miner.reason_code}.advice`) ?? miner.advice,
  };
}

function miner(known: WireMiner): WireMiner {
  return {
    ...known,
    ...told(known),
    state_title: findText(`state.${known.state}`) ?? known.state_title,
    reason: reasonOf(known),
    alerts: known.alerts.map(rule),
  };
}

/** The states that want their owner, the most urgent first; heat comes before all of them. */
const URGENT = ["overheated", "fault", "not_hashing", "offline", "unresponsive"] as const;

function urgency(known: WireMiner): number {
  if (isHot(known)) return URGENT.length + 1;
  const place = URGENT.findIndex((state) => state === known.state);
  return place < 0 ? 0 : URGENT.length - place;
}

function worstOf(miners: readonly WireMiner[]): WireMiner | undefined {
  return miners.reduce<WireMiner | undefined>(
    (worst, one) => (worst === undefined || urgency(one) > urgency(worst) ? one : worst),
    undefined,
  );
}

function sentence(summary: Summary, miners: readonly WireMiner[], worst: WireMiner): Told {
  const count = summary.miners.total;
  const needing = miners.filter((one) => urgency(one) > 0).length;
  const { text: what, advice } = told(worst);
  if (needing > 1) return { text: say("says.need", { needing, count, worst: what }), advice };
  if (needing === 1) return { text: what, advice };
  if (count === 1) return { text: say("says.calm", { what }), advice: null };
  const { hashing } = summary.miners;
  return {
    text: hashing === count ? say("says.all", { count }) : say("says.some", { hashing, count }),
    advice: null,
  };
}

function summary(known: Summary, miners: readonly WireMiner[]): Summary {
  if (known.miners.total === 0) {
    return { ...known, text: say("says.empty"), advice: say("says.empty.advice") };
  }
  const worst = worstOf(miners);
  return worst === undefined ? known : { ...known, ...sentence(known, miners, worst) };
}

export const retelling: Retelling = { miner, summary, rule };
