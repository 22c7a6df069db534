import { describe, expect, it } from "vitest";
import { diskLasts, size } from "./sizes";

describe("sizes", () => {
  it("are written with the unit that fits", () => {
    expect(size(0)).toBe("0.0\u00a0kB");
    expect(size(1_234_567)).toBe("1.2\u00a0MB");
    expect(size(43_210_000_000)).toBe("43\u00a0GB");
    expect(size(5e15)).toMatch(/TB$/);
  });
});

describe("how long the disk lasts", () => {
  it("is told in years or months, and not at all when it is not known", () => {
    expect(diskLasts(1e12, 1e7)).toMatch(/more than 50 years/);
    expect(diskLasts(1e9, 1e8)).toMatch(/10 years/);
    expect(diskLasts(1e8, 1e8)).toMatch(/12 months/);
    expect(diskLasts(1, 1e8)).toMatch(/1 month\b/);
    expect(diskLasts(null, 1)).toBeNull();
    expect(diskLasts(1, null)).toBeNull();
  });
});
