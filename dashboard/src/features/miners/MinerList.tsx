// The miners, those in need first. More than can be seen at a glance get tools (ManyMiners).
import { lazy, Suspense, useMemo } from "react";
import { useMiners } from "@/api/queries";
import { byAttention } from "@/lib/attention";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import { useDialogParam } from "@/ui/useDialogParam";
import { Cards } from "./Cards";
import styles from "./MinerList.module.css";

const DemoNote = lazy(() => import("./DemoNote"));
const ManyMiners = lazy(() => import("./ManyMiners"));

/** So many can be taken in at a glance: no tools needed. */
const GLANCE = 3;

export function MinerList() {
  const { data } = useMiners();
  const [, openDialog] = useDialogParam();
  const miners = useMemo(() => data && byAttention(data), [data]);
  if (!miners) return <Loading />;
  if (miners.length === 0) return null;
  return (
    <section aria-labelledby="miners-title">
      <div className={styles.head}>
        <h2 id="miners-title" className={styles.title}>
          {text("miners.title")}
          <span className={styles.count}>{text("miners.count", { count: miners.length })}</span>
        </h2>
        <Button icon="plus" onClick={() => openDialog("add")}>
          {text("miners.add")}
        </Button>
      </div>
      {miners.some((miner) => miner.demo) && (
        <Suspense fallback={<Skeleton height="4rem" />}>
          <DemoNote />
        </Suspense>
      )}
      {miners.length <= GLANCE ? (
        <Cards miners={miners} />
      ) : (
        <Suspense fallback={<Skeleton height="30rem" />}>
          <ManyMiners miners={miners} />
        </Suspense>
      )}
    </section>
  );
}

/** Also what stands here while the monitor cannot be reached: the sentence on top says why. */
function Loading() {
  return (
    <section aria-busy="true" aria-label={text("miners.loading")}>
      <ul className={styles.grid}>
        {[1, 2, 3].map((place) => (
          <li key={place} className={styles.placeholder}>
            <Skeleton width="60%" height="1.5rem" />
            <Skeleton width="45%" height="2.5rem" />
            <Skeleton height="0.5rem" />
            <Skeleton height="3rem" />
            <Skeleton height="3rem" />
          </li>
        ))}
      </ul>
    </section>
  );
}
