// Many cards: only those in sight exist. Few cards need none of this (MinerList).
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import type { Miner } from "@/api/types";
import { MinerCard } from "./MinerCard";
import styles from "./MinerList.module.css";

const CARD_PX = 400;
const GAP_PX = 20;
/** As in MinerList.module.css: a card is never narrower, but for the window's own width. */
const CARD_LEAST_PX = 336;

export default function CardGrid({ miners }: { miners: readonly Miner[] }) {
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: 0, columns: 1 });
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = (): void => {
      const { top, width } = element.getBoundingClientRect();
      const columns = Math.max(1, Math.floor((width + GAP_PX) / (CARD_LEAST_PX + GAP_PX)));
      setPlace({ top: top + window.scrollY, columns });
    };
    const resize = new ResizeObserver(measure);
    resize.observe(element);
    measure();
    return () => resize.disconnect();
  }, []);
  const { top, columns } = place;
  const rows = useWindowVirtualizer({
    count: Math.ceil(miners.length / columns),
    estimateSize: () => CARD_PX,
    gap: GAP_PX,
    overscan: 2,
    scrollMargin: top,
  });
  return (
    <div ref={list} className={styles.window} style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((row) => (
        <ul
          key={row.key}
          ref={rows.measureElement}
          data-index={row.index}
          className={styles.row}
          style={{
            transform: `translateY(${row.start - top}px)`,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          }}
        >
          {miners.slice(row.index * columns, (row.index + 1) * columns).map((miner) => (
            <li key={miner.id}>
              <MinerCard miner={miner} />
            </li>
          ))}
        </ul>
      ))}
    </div>
  );
}
