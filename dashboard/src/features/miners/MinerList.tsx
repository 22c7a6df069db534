// The miners, those in need first: as cards or rows, found, ordered and grouped where there are
// more than can be seen at once.
import { lazy, Suspense, useDeferredValue, useMemo } from "react";
import { useMiners } from "@/api/queries";
import type { Miner } from "@/api/types";
import { inGroups, inOrder, type Group } from "@/lib/arrange";
import { searchTest } from "@/lib/search";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { useDialogParam } from "@/ui/useDialogParam";
import { DemoNote } from "./DemoNote";
import { ListTools, useChoice, type Choice } from "./ListTools";
import { MinerCard } from "./MinerCard";
import styles from "./MinerList.module.css";

// What only a large fleet needs is fetched only there.
const CardGrid = lazy(() => import("./CardGrid"));
const MinerTable = lazy(() => import("./MinerTable"));

/** So many can be taken in at a glance: no tools needed. */
const GLANCE = 3;
/** From here on only the cards in sight are drawn. */
const MANY = 40;

export function MinerList() {
  const { data } = useMiners();
  const [, openDialog] = useDialogParam();
  const [choice, change] = useChoice();
  if (!data) return <Loading />;
  if (data.length === 0) return null;
  return (
    <section aria-labelledby="miners-title">
      <div className={styles.head}>
        <h2 id="miners-title" className={styles.title}>
          {text("miners.title")}
          <span className={styles.count}>{text("miners.count", { count: data.length })}</span>
        </h2>
        <Button icon="plus" onClick={() => openDialog("add")}>
          {text("miners.add")}
        </Button>
      </div>
      {data.some((miner) => miner.demo) && <DemoNote />}
      {data.length > GLANCE && <ListTools choice={choice} change={change} />}
      <Found miners={data} choice={choice} />
    </section>
  );
}

function Found({ miners, choice }: { miners: readonly Miner[]; choice: Choice }) {
  // Typing stays quick while ten thousand miners are looked through.
  const query = useDeferredValue(choice.query);
  const { order, grouping } = choice;
  const groups = useMemo(
    () => inGroups(inOrder(miners.filter(searchTest(query)), order), grouping),
    [miners, query, order, grouping],
  );
  if (groups.length === 0) {
    return (
      <Note tone="calm" icon="info" title={text("list.none", { query })}>
        {text("list.search.help")}
      </Note>
    );
  }
  return groups.map((group) => (
    <div key={group.name} className={styles.group}>
      {grouping !== "none" && <GroupTitle group={group} />}
      <Shown miners={group.miners} view={choice.view} />
    </div>
  ));
}

function GroupTitle({ group }: { group: Group<Miner> }) {
  const name = group.tone ? text(`list.tone.${group.tone}`) : group.name;
  return (
    <h3 className={styles.groupTitle}>
      {name ?? text("list.group.unknown")}
      <span className={styles.count}>{text("miners.count", { count: group.miners.length })}</span>
    </h3>
  );
}

function Shown({ miners, view }: { miners: readonly Miner[]; view: Choice["view"] }) {
  if (view === "table") {
    return (
      <Suspense fallback={<Skeleton height="20rem" />}>
        <MinerTable miners={miners} />
      </Suspense>
    );
  }
  if (miners.length > MANY) {
    return (
      <Suspense fallback={<Skeleton height="20rem" />}>
        <CardGrid miners={miners} />
      </Suspense>
    );
  }
  return (
    <ul className={styles.grid} data-count={miners.length}>
      {miners.map((miner) => (
        <li key={miner.id}>
          <MinerCard miner={miner} />
        </li>
      ))}
    </ul>
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
