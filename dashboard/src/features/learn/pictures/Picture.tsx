// The frame of all pictures: 320 x 180 units, drawn with lines and fields in the page's colours.
import type { ReactNode } from "react";
import styles from "./Picture.module.css";

export { styles as ink };

export function Picture({ alt, children }: { alt: string; children: ReactNode }) {
  return (
    <svg viewBox="0 0 320 180" className={styles.picture} role="img" aria-label={alt}>
      {children}
    </svg>
  );
}

/** A small miner with a face, its middle at the given place. */
export function Miner({ x, y, size = 1 }: { x: number; y: number; size?: number }) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size})`}>
      <rect x={-26} y={-20} width={52} height={40} rx={9} className={styles.body} />
      <circle cx={-9} cy={-3} r={3} className={styles.dot} />
      <circle cx={9} cy={-3} r={3} className={styles.dot} />
      <path d="M-8 7q8 6 16 0" className={styles.line} />
    </g>
  );
}

/** A star of five points. */
export function Star({ x, y, r }: { x: number; y: number; r: number }) {
  const points = Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? r : r * 0.45;
    const angle = (Math.PI / 5) * i - Math.PI / 2;
    return `${(x + radius * Math.cos(angle)).toFixed(1)},${(y + radius * Math.sin(angle)).toFixed(1)}`;
  });
  return <polygon points={points.join(" ")} className={styles.gold} />;
}

/** Lines of writing on a sheet. */
export function Sheet({ x, y, lines }: { x: number; y: number; lines: readonly number[] }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width={72} height={92} rx={9} className={styles.sheet} />
      {lines.map((length, i) => (
        <path key={i} d={`M12 ${16 + i * 12}h${length}`} className={styles.faint} />
      ))}
    </g>
  );
}

/** Numbers that look like chance and are the same on every visit: no random pictures. */
export function scatter(count: number, seed: number): number[] {
  const numbers: number[] = [];
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (state * 16807) % 2147483647;
    numbers.push(state / 2147483647);
  }
  return numbers;
}
