import { afterEach, describe, expect, it } from "vitest";
import { searchTest, type Searchable } from "./search";
import { showTemperaturesIn } from "./units";

const garage: Searchable = {
  name: "Garage",
  model: "Bitaxe Gamma 601",
  address: "http://192.168.1.50",
  hostname: "bitaxe",
  board: "601",
  firmware: "v2.12.2",
  asic_model: "BM1370",
  state: "offline",
  state_title: "Not reachable",
  pool: { host: "public-pool.io" },
  sample: { chip_temp_c: 61.5, hashrate_ghs: 1050, wifi_rssi_dbm: -71, uptime_s: 7200 },
};

describe("search", () => {
  it("finds words in name, model, address, pool, firmware and state, in any case", () => {
    for (const typed of ["gar", "GAMMA", "1.50", "public-pool", "2.12", "bm1370", "offline", ""])
      expect(searchTest(typed)(garage), typed).toBe(true);
    expect(searchTest("kitchen")(garage)).toBe(false);
  });

  it("wants everything that was typed", () => {
    expect(searchTest("temp>60 offline garage")(garage)).toBe(true);
    expect(searchTest("temp>60 offline kitchen")(garage)).toBe(false);
  });

  it("looks for what is quoted as a whole", () => {
    expect(searchTest('"gamma 601"')(garage)).toBe(true);
    expect(searchTest('"601 gamma"')(garage)).toBe(false);
  });

  it("compares figures in the units that the page shows", () => {
    expect(searchTest("hash>=1.05")(garage)).toBe(true);
    expect(searchTest("hash<1")(garage)).toBe(false);
    expect(searchTest("wifi<-70")(garage)).toBe(true);
    expect(searchTest("uptime=2")(garage)).toBe(true);
    expect(searchTest("temp>61,4")(garage)).toBe(true);
  });

  describe("temperatures", () => {
    afterEach(() => showTemperaturesIn("C"));

    it("are meant in the unit that is shown", () => {
      expect(searchTest("temp>60")(garage)).toBe(true);
      showTemperaturesIn("F"); // 61.5 °C are 142.7 °F
      expect(searchTest("temp>60 temp>142 temp<143 temp=143")(garage)).toBe(true);
      expect(searchTest("temp>143")(garage)).toBe(false);
    });

    it("are meant in the unit that was typed with them", () => {
      for (const typed of ["temp>142F", "temp<143°f", "temp>61c", "temp<62°C"]) {
        expect(searchTest(typed)(garage), typed).toBe(true);
        showTemperaturesIn("F");
        expect(searchTest(typed)(garage), typed).toBe(true);
        showTemperaturesIn("C");
      }
      expect(searchTest("temp>60F")(garage)).toBe(true);
      expect(searchTest("temp<60F")(garage)).toBe(false);
    });

    it("alone have a unit: other figures with one are words", () => {
      expect(searchTest("hash>1f")(garage)).toBe(false);
    });
  });

  it("does not find what is unknown by a comparison", () => {
    const away = { ...garage, sample: { chip_temp_c: null } };
    expect(searchTest("temp>0")(away)).toBe(false);
    expect(searchTest("temp<100")(away)).toBe(false);
  });

  it("takes a comparison of nothing it knows for a word", () => {
    expect(searchTest("colour>3")(garage)).toBe(false);
  });
});
