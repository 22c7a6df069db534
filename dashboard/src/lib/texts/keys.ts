// Every text there is, as types only: nothing of this file is fetched by a browser.
import type alerts from "@texts/page/en/alerts.json";
import type compare from "@texts/page/en/compare.json";
import type channels from "@texts/page/en/channels.json";
import type device from "@texts/page/en/device.json";
import type glossary from "@texts/page/en/glossary.json";
import type history from "@texts/page/en/history.json";
import type setup from "@texts/page/en/setup.json";
import type says from "@texts/page/en/says.json";
import type list from "@texts/page/en/list.json";
import type learn from "@texts/page/en/learn.json";
import type visit from "@texts/page/en/visit.json";
import type { english } from "./english";

type Key =
  | keyof typeof english
  | keyof typeof alerts
  | keyof typeof compare
  | keyof typeof channels
  | keyof typeof device
  | keyof typeof glossary
  | keyof typeof history
  | keyof typeof learn
  | keyof typeof list
  | keyof typeof setup
  | keyof typeof says
  | keyof typeof visit;

/** "miners_one" and "miners_other" are asked for as "miners", with a count. */
type Base<K> = K extends `${infer B}_${"one" | "other"}` ? B : K;

export type TextKey = Base<Key>;
