import { describe, expect, it } from "vitest";
import { searchTerms } from "./glossary";

const TERMS = [
  { term: "share", title: "Share", meaning: "A small proof of work that the pool has taken." },
  { term: "pool", title: "Pool", meaning: "A server that gives work." },
  { term: "vr_temp", title: "Regulator temperature (VR)", meaning: "How warm it is." },
];
const names = (typed: string): string[] => searchTerms(TERMS, typed).map(({ term }) => term);

describe("searchTerms", () => {
  it("gives all of them by name when nothing is asked for", () => {
    expect(names(" ")).toEqual(["pool", "vr_temp", "share"]);
  });

  it("puts what is called so before what only speaks of it", () => {
    expect(names("POOL")).toEqual(["pool", "share"]);
  });

  it("knows the name of the interface too", () => {
    expect(names("vr temp")).toEqual(["vr_temp"]);
  });

  it("finds nothing where nothing is", () => {
    expect(names("bitcoin cash")).toEqual([]);
  });
});
