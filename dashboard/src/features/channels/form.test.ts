import { describe, expect, it } from "vitest";
import type { Channel, ChannelKind } from "@/api/types";
import { changeOf, complaintOf, emptyForm, formOf, missingFields } from "./form";

const field = { help: "", type: "text", default: null } as const;
const KIND: ChannelKind = {
  kind: "ntfy",
  title: "ntfy",
  about: "",
  edits: false,
  fields: [
    { ...field, name: "target", title: "Topic", required: true, secret: false },
    { ...field, name: "token", title: "Access token", required: true, secret: true },
  ],
};
const CHANNEL: Channel = {
  id: 3,
  kind: "ntfy",
  name: "Anna's phone",
  built_in: false,
  enabled: true,
  least_severity: "warning",
  good_news: false,
  miners: [2],
  quiet_hours: { from: "23:00", to: "06:30" },
  critical_passes: false,
  language: "en",
  letter: "off",
  letter_hour: 8,
  role: "member",
  settings: { target: "garage" },
  secrets_set: ["token"],
  waiting: 0,
  dead: false,
  problem: null,
  problem_at: null,
  last_delivered_at: null,
  created_at: null,
};

describe("a channel's form", () => {
  it("leaves an untouched secret alone and gives everything else back as it was", () => {
    expect(changeOf(formOf(CHANNEL, KIND), KIND)).toEqual({
      name: "Anna's phone",
      least_severity: "warning",
      good_news: false,
      miners: [2],
      quiet_hours: { from: "23:00", to: "06:30" },
      critical_passes: false,
      language: "en",
      letter: "off",
      letter_hour: 8,
      settings: { target: "garage" },
    });
  });

  it("follows the household's language unless it has its own", () => {
    const following = formOf({ ...CHANNEL, language: null }, KIND);
    expect(changeOf(following, KIND).language).toBeNull();
    expect(changeOf(emptyForm(KIND), KIND).language).toBeNull();
    expect(changeOf({ ...following, language: "de" }, KIND).language).toBe("de");
  });

  it("sends a secret that was typed anew, without the blanks of a paste", () => {
    const form = { ...emptyForm(KIND), settings: { target: " garage ", token: " tk_1\n" } };
    expect(changeOf(form, KIND).settings).toEqual({ target: "garage", token: "tk_1" });
  });

  it("misses what is needed, but no secret that the monitor has", () => {
    const empty = emptyForm(KIND);
    expect([...missingFields(empty, KIND, [])]).toEqual(["target", "token"]);
    expect([...missingFields(formOf(CHANNEL, KIND), KIND, ["token"])]).toEqual([]);
  });

  it("tells all and never sleeps unless something else was chosen", () => {
    const change = changeOf(emptyForm(KIND), KIND);
    expect(change).toMatchObject({ least_severity: "info", miners: [], quiet_hours: null });
  });
});

describe("a complaint of the monitor", () => {
  it("is put to its field", () => {
    expect(complaintOf("`port` (Port) must be a number from 1 to 65535.")).toEqual({
      field: "port",
      words: "Port must be a number from 1 to 65535.",
    });
    expect(complaintOf("`name` is missing: give the channel a name.")).toEqual({
      field: "name",
      words: "Is missing: give the channel a name.",
    });
  });

  it("about the whole stays whole", () => {
    const words = "This chat is linked already, as 'Anna'.";
    expect(complaintOf(words)).toEqual({ field: null, words });
  });
});
