// What is usual for a mining chip. Frequency and core voltage are the defaults of the boards that
// bear it (ESP-Miner's device_config.h, NerdQAxePlus's board files); efficiency is what they give
// with these, and some room for heat and for regulators.

type Span = readonly [low: number, high: number];

export interface ChipFacts {
  frequency_mhz: Span;
  core_voltage_mv: Span;
  efficiency_j_th: Span;
}

const CHIPS: Record<string, ChipFacts> = {
  BM1397: { frequency_mhz: [425, 425], core_voltage_mv: [1400, 1400], efficiency_j_th: [35, 50] },
  BM1366: { frequency_mhz: [485, 485], core_voltage_mv: [1200, 1200], efficiency_j_th: [21, 30] },
  BM1368: { frequency_mhz: [490, 490], core_voltage_mv: [1166, 1250], efficiency_j_th: [17, 24] },
  BM1370: { frequency_mhz: [400, 600], core_voltage_mv: [1150, 1150], efficiency_j_th: [14, 20] },
};

export function chipFacts(asicModel: string | null): ChipFacts | null {
  return CHIPS[/^BM\d{4}/.exec(asicModel ?? "")?.[0] ?? ""] ?? null;
}
