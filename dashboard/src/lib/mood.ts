// How things stand, as the page's title and icon show it.
import { text } from "./texts";

export type Mood = "fine" | "attention" | "trouble" | "empty";

export interface Standing {
  mood: Mood | null;
  /** Miners in trouble. */
  trouble: number;
  lost: boolean;
}

/** "(1) Trouble · Bitaxe Monitor": the part that tells comes first, tabs are narrow. */
export function documentTitle(standing: Standing, page: string | null): string {
  const name = text("app.name");
  const place = page === null ? name : `${page} · ${name}`;
  if (standing.lost) return `${text("title.lost")} · ${place}`;
  if (standing.mood === null || standing.mood === "empty") return place;
  const count = standing.mood === "trouble" && standing.trouble > 0 ? `(${standing.trouble}) ` : "";
  return `${count}${text(`title.${standing.mood}`)} · ${place}`;
}

export function iconPath(standing: Standing): string {
  return `/icons/${standing.lost ? "lost" : (standing.mood ?? "fine")}.svg`;
}
