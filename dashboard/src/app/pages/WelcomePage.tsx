// The first steps: from nothing to a miner that is watched, and a chat that hears of it.
import { useEffect } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useMiners } from "@/api/queries";
import { useChangeSettings, useSettings } from "@/api/settings";
import { useChats } from "@/api/setup";
import { AddressForm } from "@/features/miners/AddressForm";
import { Standing } from "@/features/monitor/Standing";
import { Begin } from "@/features/setup/Begin";
import { Electricity } from "@/features/setup/Electricity";
import { FindMiners } from "@/features/setup/FindMiners";
import { Guide } from "@/features/setup/Guide";
import { MeetMiners } from "@/features/setup/MeetMiners";
import styles from "@/features/setup/Setup.module.css";
import { placeAfter, placeOf, type Place } from "@/features/setup/steps";
import { Telegram } from "@/features/setup/Telegram";
import { text } from "@/features/setup/texts";
import { noteFirstStepsSeen } from "@/lib/first_steps";
import { LinkButton } from "@/ui/LinkButton";
import { Skeleton } from "@/ui/Skeleton";

export default function WelcomePage() {
  const [parameters, setParameters] = useSearchParams();
  const [, goTo] = useLocation();
  const change = useChangeSettings();
  const place = placeOf(parameters.get("step"));
  const ready = useReady(place);
  useEffect(noteFirstStepsSeen, []);

  const go = (next: Place): void => {
    setParameters(next === "begin" ? {} : { step: next });
    if (next === "done") change.mutate({ first_run: "done" });
  };
  const leave = (): void => {
    change.mutate({ first_run: "skipped" });
    goTo("/");
  };
  return (
    <>
      <Standing page={text("guide.title")} />
      <Guide
        place={place}
        ready={ready}
        onGo={go}
        onNext={() => go(placeAfter(place))}
        onLeave={leave}
      >
        <Body place={place} onGo={go} />
      </Guide>
    </>
  );
}

/** Whether there is what the step is for. */
function useReady(place: Place): boolean {
  const hasMiners = (useMiners().data?.length ?? 0) > 0;
  const hasChat = (useChats().data?.length ?? 0) > 0;
  const hasPrice = useSettings().data?.electricity_price_per_kwh != null;
  if (place === "telegram") return hasChat;
  return place === "electricity" ? hasPrice : hasMiners;
}

function Body({ place, onGo }: { place: Place; onGo: (place: Place) => void }) {
  const { data: settings } = useSettings();
  switch (place) {
    case "begin":
      return <Begin onGo={onGo} />;
    case "find":
      return (
        <div className={styles.part}>
          <FindMiners />
        </div>
      );
    case "address":
      return (
        <div className={styles.part}>
          <AddressForm onAdded={() => onGo("meet")} />
        </div>
      );
    case "meet":
      return (
        <div className={styles.part}>
          <MeetMiners />
        </div>
      );
    case "telegram":
      return (
        <div className={styles.part}>
          <Telegram />
        </div>
      );
    case "electricity":
      return (
        <div className={styles.part}>
          {settings ? (
            <Electricity settings={settings} onSaved={() => onGo("done")} />
          ) : (
            <Skeleton height="8rem" />
          )}
        </div>
      );
    case "done":
      return (
        <div className={styles.actions}>
          <LinkButton to="/">{text("guide.home")}</LinkButton>
          <LinkButton to="/settings">{text("nav.settings")}</LinkButton>
        </div>
      );
  }
}
