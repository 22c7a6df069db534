// Test messages and what came of them, for all channels of the page.
import { useState } from "react";
import { useTestChannel } from "@/api/channels";
import type { ChannelTest } from "@/api/types";
import { text } from "./texts";

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : text("error.unexpected");

export type Trial = "running" | ChannelTest;

export interface Tests {
  of: (id: number) => Trial | undefined;
  run: (id: number) => void;
}

export function useTests(): Tests {
  const { mutateAsync } = useTestChannel();
  const [trials, setTrials] = useState<Readonly<Record<number, Trial>>>({});
  const put = (id: number, trial: Trial): void => setTrials((now) => ({ ...now, [id]: trial }));
  const run = (id: number): void => {
    put(id, "running");
    mutateAsync(id).then(
      (answer) => put(id, answer),
      (error: unknown) => put(id, { delivered: false, answer: wordsOf(error) }),
    );
  };
  return { of: (id) => trials[id], run };
}
