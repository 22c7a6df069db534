// Pictures six to ten: from the difficulty to the payout.
import { text } from "../texts";
import { ink, Miner, Picture, scatter, Star } from "./Picture";

function TenMinutes({ y }: { y: number }) {
  return (
    <>
      <circle cx={276} cy={y - 6} r={15} className={ink.line} />
      <path d={`M276 ${y - 15}v9l6 4`} className={ink.line} />
      <text x={276} y={y + 28} className={ink.label}>
        10 min
      </text>
    </>
  );
}

export function Difficulty({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <Miner x={66} y={45} size={0.7} />
      <rect x={130} y={36} width={36} height={18} rx={9} className={ink.violet} />
      <TenMinutes y={45} />
      <path d="M24 90h272" className={`${ink.line} ${ink.dashed}`} />
      <Miner x={44} y={118} size={0.7} />
      <Miner x={88} y={118} size={0.7} />
      <Miner x={44} y={153} size={0.7} />
      <Miner x={88} y={153} size={0.7} />
      <rect x={130} y={127} width={116} height={18} rx={9} className={ink.violet} />
      <TenMinutes y={136} />
    </Picture>
  );
}

export function Lottery({ alt }: { alt: string }) {
  const angles = scatter(34, 51);
  const radii = scatter(34, 15);
  return (
    <Picture alt={alt}>
      <path d="M112 160l-14 12M208 160l14 12" className={ink.line} />
      <circle cx={160} cy={88} r={74} className={ink.sheet} />
      {angles.map((angle, i) => {
        const r = 64 * Math.sqrt(radii[i] ?? 0);
        const x = 160 + r * Math.cos(angle * 6.283);
        const y = 88 + r * Math.sin(angle * 6.283);
        return (
          <rect
            key={i}
            x={x - 7}
            y={y - 4}
            width={14}
            height={8}
            rx={2}
            className={ink.grey}
            transform={`rotate(${Math.round(angle * 360)} ${x.toFixed(1)} ${y.toFixed(1)})`}
          />
        );
      })}
      <Star x={186} y={112} r={15} />
      <path d="M234 88h26v-24M252 64h16" className={ink.hot} />
      <circle cx={268} cy={56} r={7} className={ink.orange} />
    </Picture>
  );
}

export function Parts({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <rect x={30} y={20} width={260} height={124} rx={14} className={ink.sheet} />
      <rect x={132} y={48} width={56} height={56} rx={8} className={ink.body} />
      <path
        d="M144 48v-9M160 48v-9M176 48v-9M144 113v-9M160 113v-9M176 113v-9M132 60h-9M132 76h-9M132 92h-9M188 60h9M188 76h9M188 92h9"
        className={ink.accent}
      />
      <rect x={62} y={74} width={36} height={36} rx={6} className={ink.orange} />
      <path d="M98 92h22" className={ink.hot} />
      <circle cx={246} cy={68} r={30} className={ink.line} />
      <path
        d="M246 68c0-16 14-16 14-8s-14 8-14 8 16 0 16 8-12 8-16-8c0 16-14 16-14 8s14-8 14-8-16 0-16-8 12-8 16 8"
        className={ink.line}
      />
      <path d="M88 58v-9M77 50a15 15 0 0 1 22 0M69 43a26 26 0 0 1 38 0" className={ink.accent} />
      <text x={160} y={134} className={ink.label}>
        {text("how.parts.chip")}
      </text>
      <text x={80} y={128} className={ink.label}>
        {text("how.parts.vr")}
      </text>
      <text x={246} y={122} className={ink.label}>
        {text("how.parts.fan")}
      </text>
      <text x={54} y={60} className={ink.label}>
        {text("how.parts.wifi")}
      </text>
    </Picture>
  );
}

export function Heat({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <path d="M20 126h34" className={ink.line} />
      <rect x={54} y={112} width={28} height={28} rx={6} className={ink.body} />
      <path d="M82 126c34 0 22 14 62 14" className={ink.hot} />
      <Miner x={196} y={130} size={1.5} />
      {[158, 184, 210, 236].map((x) => (
        <path key={x} d={`M${x} 88q-11-14 0-28t0-28`} className={ink.hot} />
      ))}
      <path
        d="M63 98l-9 15h10l-8 14"
        className={ink.line}
        transform="translate(6 -62) scale(1.1)"
      />
      <text x={68} y={168} className={ink.label}>
        20 W
      </text>
      <text x={272} y={52} className={ink.label}>
        20 W
      </text>
    </Picture>
  );
}

export function Payout({ alt }: { alt: string }) {
  return (
    <Picture alt={alt}>
      <Star x={54} y={60} r={30} />
      <path d="M94 56q34-30 62 4M150 46l7 16-17-2" className={ink.line} />
      <circle cx={176} cy={84} r={19} className={ink.gold} />
      <path
        d="M170 76h10a4 4 0 0 1 0 8h-10zM170 84h11a4 4 0 0 1 0 8h-11zM173 72v4M179 72v4M173 92v4M179 92v4"
        className={ink.line}
        strokeWidth={2}
      />
      <path d="M178 112v12M170 117l8 8 8-8" className={ink.line} />
      <path
        d="M132 130h104a10 10 0 0 1 10 10v22a10 10 0 0 1-10 10H132a10 10 0 0 1-10-10v-22a10 10 0 0 1 10-10z"
        className={ink.body}
      />
      <path d="M246 142h-20a9 9 0 0 0 0 18h20" className={ink.accent} />
      <path d="M122 150H70" className={`${ink.line} ${ink.dashed}`} />
      <rect x={14} y={134} width={66} height={30} rx={8} className={ink.sheet} />
      <text x={47} y={154} className={ink.label}>
        bc1q…
      </text>
    </Picture>
  );
}
