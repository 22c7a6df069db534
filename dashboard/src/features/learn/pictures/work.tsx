// Pictures one to five: from a guess to the pool.
import { ink, Miner, Picture, scatter, Sheet, Star } from "./Picture";

export function Guess({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <Sheet x={28} y={34} lines={[48, 40, 46, 30]} />
      <rect x={38} y={94} width={52} height={24} rx={7} className={ink.body} />
      <text x={64} y={112} className={ink.number}>
        4711
      </text>
      <path d="M112 84h30M134 76l9 8-9 8" className={ink.accent} />
      <Miner x={186} y={84} size={1.35} />
      <path d="M232 84h24M249 76l9 8-9 8" className={ink.accent} />
      <text x={284} y={99} className={ink.wonder}>
        ?
      </text>
      <path
        d="M64 136c0 24 122 24 122-8M178 138l8-11 9 10"
        className={`${ink.line} ${ink.dashed}`}
      />
      <text x={125} y={172} className={ink.label}>
        4712, 4713, 4714 …
      </text>
    </Picture>
  );
}

function Dots({ y, seed }: { y: number; seed: number }) {
  return scatter(18, seed).map((height, i) => (
    <circle
      key={i}
      cx={140 + i * 9.4}
      cy={y}
      r={1.6 + height * 3.4}
      className={[ink.violet, ink.teal, ink.orange][Math.floor(height * 3)]}
    />
  ));
}

export function Hash({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <rect x={22} y={34} width={78} height={40} rx={9} className={ink.sheet} />
      <text x={61} y={60} className={ink.number}>
        4711
      </text>
      <rect x={22} y={106} width={78} height={40} rx={9} className={ink.sheet} />
      <text x={61} y={132} className={ink.number}>
        4712
      </text>
      <path d="M106 54h16M116 48l7 6-7 6M106 126h16M116 120l7 6-7 6" className={ink.line} />
      <Dots y={54} seed={91} />
      <Dots y={126} seed={4} />
    </Picture>
  );
}

export function Target({ alt }: { alt: string }) {
  const across = scatter(46, 23);
  const down = scatter(46, 77);
  return (
    <Picture alt={alt}>
      <rect x={0} y={146} width={320} height={34} className={ink.good} />
      <path d="M0 146h320" className={`${ink.line} ${ink.goodLine}`} />
      {across.map((x, i) => (
        <circle
          key={i}
          cx={14 + x * 292}
          cy={14 + (down[i] ?? 0) * 118}
          r={4}
          className={ink.grey}
        />
      ))}
      <Star x={206} y={163} r={13} />
    </Picture>
  );
}

export function Block({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <path d="M92 90h42M186 90h42" className={ink.hot} />
      <Sheet x={20} y={44} lines={[48, 36, 46, 40, 28]} />
      <Sheet x={124} y={44} lines={[40, 46, 30, 48, 36]} />
      <Sheet x={228} y={44} lines={[46, 34, 44]} />
      <ellipse cx={108} cy={90} rx={15} ry={9} className={ink.line} />
      <ellipse cx={212} cy={90} rx={15} ry={9} className={ink.line} />
      <Star x={264} y={112} r={20} />
    </Picture>
  );
}

export function Pool({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <path d="M84 44L214 82M84 90H208M84 138L214 100" className={`${ink.line} ${ink.dashed}`} />
      <Miner x={52} y={40} size={0.85} />
      <Miner x={52} y={92} size={0.85} />
      <Miner x={52} y={144} size={0.85} />
      {[
        [128, 57],
        [168, 69],
        [120, 91],
        [180, 91],
        [136, 122],
      ].map(([x, y]) => (
        <circle key={`${x}-${y}`} cx={x} cy={y} r={7} className={ink.teal} />
      ))}
      <ellipse cx={256} cy={91} rx={46} ry={40} className={ink.body} />
      <path
        d="M228 84q7-7 14 0t14 0 14 0 14 0M228 102q7-7 14 0t14 0 14 0 14 0"
        className={ink.accent}
      />
    </Picture>
  );
}
