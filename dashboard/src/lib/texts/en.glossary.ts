// What each figure means, for someone who has never mined. `.normal` is shown below the meaning.
export const glossary = {
  "glossary.hashrate_ghs": "Hashrate",
  "glossary.hashrate_ghs.meaning":
    "How many guesses the miner makes every second. One TH/s is a million million guesses. It jumps up and down from minute to minute; that is normal.",
  "glossary.hashrate_ghs.normal": "Over an hour it should come close to the expected {{expected}}.",
  "glossary.chip_temp_c": "Chip temperature",
  "glossary.chip_temp_c.meaning":
    "How warm the mining chip is. Heat wears it out, and the firmware stops the miner before it breaks.",
  "glossary.chip_temp_c.normal":
    "For this board: up to {{warn}} is fine, at {{trip}} the miner switches itself off.",
  "glossary.vr_temp_c": "Regulator temperature",
  "glossary.vr_temp_c.meaning":
    "How warm the voltage regulator is, the part that feeds the chip. It may get hotter than the chip itself.",
  "glossary.vr_temp_c.normal":
    "For this board: up to {{warn}} is fine, at {{trip}} the miner switches itself off.",
  "glossary.power_w": "Power",
  "glossary.power_w.meaning":
    "The electricity that the miner draws right now. Its power supply loses a little on top.",
  "glossary.power_w.normal": "That is {{energy}} a day.",
  "glossary.efficiency_j_th": "Efficiency",
  "glossary.efficiency_j_th.meaning":
    "How much energy a million million guesses cost. Less is better: the same work for less electricity.",
  "glossary.efficiency_j_th.normal": "A Bitaxe with a recent chip needs 15 to 22 J/TH.",
  "glossary.fan_pct": "Fan",
  "glossary.fan_pct.meaning":
    "How hard the fan is driven, and how fast it turns. The miner speeds it up by itself when it gets warm.",
  "glossary.fan_pct.normal": "At 100 % for long? Look for dust, or give it more air.",
  "glossary.frequency_mhz": "Frequency",
  "glossary.frequency_mhz.meaning":
    "How fast the chip's clock ticks. Higher means more hashrate, more heat and more power.",
  "glossary.core_voltage_mv": "Core voltage",
  "glossary.core_voltage_mv.meaning":
    "The voltage the chip is set to, and the one that really arrives. A little less than set is normal.",
  "glossary.core_voltage_mv.normal": "Measured right now: {{actual}}.",
  "glossary.input_voltage_mv": "Input voltage",
  "glossary.input_voltage_mv.meaning":
    "What the power supply delivers. If it sags, the supply or its cable is too weak.",
  "glossary.input_voltage_mv.normal": "For this board: between {{min}} and {{max}}.",
  "glossary.wifi_rssi_dbm": "Wi-Fi signal",
  "glossary.wifi_rssi_dbm.meaning":
    "How strongly the miner hears your router. Closer to zero is stronger.",
  "glossary.wifi_rssi_dbm.normal": "-50 is excellent, -67 is good, below -75 expect drop-outs.",
  "glossary.uptime_s": "Uptime",
  "glossary.uptime_s.meaning": "The time since the miner last restarted.",
  "glossary.shares_accepted": "Shares",
  "glossary.shares_accepted.meaning":
    "Small proofs of work that the pool has taken since the last restart. They show that the miner really works.",
  "glossary.shares_accepted.normal": "Refused by the pool: {{rejected}}. A few are normal.",
  "glossary.best_diff": "Best difficulty",
  "glossary.best_diff.meaning":
    "The luckiest share so far. Think of a dice roll: the higher, the rarer. One above the difficulty of the Bitcoin network finds a block.",
  "glossary.best_diff.normal": "Since the last restart: {{session}}.",
  "glossary.error_pct": "Chip errors",
  "glossary.error_pct.meaning":
    "How many of the chip's results were wrong. Many errors mean that the frequency is too high for the voltage.",
  "glossary.error_pct.normal": "Below 1 % is good.",
  "glossary.response_ms": "Answer time",
  "glossary.response_ms.meaning":
    "How long the miner takes to answer the monitor. A miner that answers slowly is busy or has weak Wi-Fi.",
  "glossary.response_ms.normal": "Below 500 ms is good.",
} as const;
