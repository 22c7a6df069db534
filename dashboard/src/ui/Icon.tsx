// Our own icons: 24 units wide, drawn with lines, in the colour of the text around them.
import type { ReactElement } from "react";

const SHAPES = {
  plus: <path d="M12 5v14M5 12h14" />,
  check: <path d="M5 12.5l4.5 4.5L19 7.5" />,
  cross: <path d="M6 6l12 12M18 6L6 18" />,
  back: <path d="M15 5l-7 7 7 7" />,
  cards: <path d="M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z" />,
  rows: <path d="M4 6.500h16M4 12h16M4 17.500h16" />,
  bell: (
    <path d="M6 16.500h12c-1.300-1.300-1.800-2.800-1.800-5.500a4.200 4.200 0 0 0-8.400 0c0 2.700-.5 4.200-1.800 5.500zM10.500 19.500h3" />
  ),
  bellOff: (
    <path d="M4 4l16 16M8 10.500c0 3-.6 4.600-2 6h9.500M9.300 7.700a4.200 4.200 0 0 1 6.900 3.300c0 1 .1 1.900.3 2.600M10.500 19.500h3" />
  ),
  star: <path d="M12 4l2.500 5.200 5.500.8-4 4 1 5.600-5-2.700-5 2.700 1-5.600-4-4 5.500-.8z" />,
  forward: <path d="M9 5l7 7-7 7" />,
  minus: <path d="M5 12h14" />,
  download: <path d="M12 4v11M7.500 11l4.500 4.500L16.500 11M5 19.500h14" />,
  copy: <path d="M9 9h10.500v11H9zM5 15.500V4h10.500" />,
  picture: <path d="M4 5.500h16v13H4zM4 16l5-5 4 4 2.500-2.500L20 17M15.500 9.500h.01" />,
  compare: <path d="M4 16l4-6 4 3 4-7 4 4M4 20.500h16" />,
  refresh: <path d="M20 12a8 8 0 1 1-2.6-5.9M20 4v4.5h-4.5" />,
  more: <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" strokeWidth={3} />,
  info: <path d="M12 11v5M12 8h.01M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z" />,
  bulb: (
    <path d="M9.5 18.5h5M10.5 21h3M8.6 14.8a6 6 0 1 1 6.8 0c-.6.5-.9 1-.9 1.7h-5c0-.7-.3-1.2-.9-1.7z" />
  ),
  pause: <path d="M9 6v12M15 6v12" />,
  warm: <path d="M10 14.5V5.5a2 2 0 1 1 4 0v9a4 4 0 1 1-4 0zM12 10v7" />,
  bolt: <path d="M13 3L5.5 13.5H12L11 21l7.5-10.5H12z" />,
  wifiOff: (
    <path d="M4 4l16 16M8.5 15.5a5 5 0 0 1 5.6-1M5 12a10 10 0 0 1 5-2.7M14.5 9.4A10 10 0 0 1 19 12M12 19h.01M2.5 8.6a14 14 0 0 1 4-2.4M11 5a14 14 0 0 1 10.5 3.6" />
  ),
  silent: <path d="M4 12h3l2-5 3 10M14.5 12h.01M18 12h.01M21 12h.01" />,
  question: <path d="M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5h.01" />,
  stop: <path d="M7 7h10v10H7z" />,
  wrench: (
    <path d="M20 7a4.5 4.5 0 0 1-6 5.5L7.5 19a2 2 0 0 1-2.8-2.8L11 9.7A4.5 4.5 0 0 1 17 4l-2.7 2.7 2.5 2.5z" />
  ),
  sunrise: <path d="M4 18h16M7 18a5 5 0 0 1 10 0M12 5v4M4.5 10.5l2 1.5M19.5 10.5l-2 1.5" />,
  sun: (
    <path d="M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4" />
  ),
  moon: <path d="M20 14.5A8.5 8.5 0 1 1 9.5 4 7 7 0 0 0 20 14.5z" />,
  screen: <path d="M4 5h16v11H4zM9 20h6M12 16v4" />,
  pencil: <path d="M5 19l1-4L16 5l3 3L9 18zM14 7l3 3" />,
  route: (
    <path d="M6 5.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM18 14.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6 9.5v4a3 3 0 0 0 3 3h7M18 14.5v-4a3 3 0 0 0-3-3h-3" />
  ),
  trash: <path d="M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5" />,
  people: (
    <path d="M9 5.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM3 19a6 6 0 0 1 12 0M15.500 6a2.800 2.800 0 0 1 0 5.300M17 14a5.500 5.500 0 0 1 4 5" />
  ),
  disk: (
    <path d="M5 6c0-1.4 3.1-2.5 7-2.5S19 4.600 19 6v12c0 1.400-3.100 2.500-7 2.500S5 19.400 5 18zM5 6c0 1.400 3.100 2.500 7 2.500S19 7.400 19 6M5 12c0 1.400 3.100 2.500 7 2.500s7-1.100 7-2.500" />
  ),
  gear: (
    <path d="M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM12 3.500v2.500M12 18v2.500M3.500 12H6M18 12h2.500M6 6l1.800 1.800M16.200 16.200L18 18M18 6l-1.800 1.800M7.800 16.200L6 18" />
  ),
  wifi: (
    <path d="M2.500 9a14 14 0 0 1 19 0M5.500 12.300a9.500 9.500 0 0 1 13 0M8.500 15.600a5 5 0 0 1 7 0M12 19h.01" />
  ),
  book: (
    <path d="M12 6.500c-2-1.500-4.500-2-8-2v13.500c3.500 0 6 .5 8 2 2-1.500 4.500-2 8-2V4.500c-3.500 0-6 .5-8 2zM12 6.500V20" />
  ),
  link: (
    <path d="M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1" />
  ),
  spark: <path d="M12 3.500l2 6.500 6.500 2-6.500 2-2 6.500-2-6.500-6.500-2 6.500-2z" />,
} satisfies Record<string, ReactElement>;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}
