// Many miners: found, ordered and grouped, as cards or rows. All of it stands in the URL, and is
// fetched only where there are more miners than can be taken in at a glance.
import { lazy, Suspense, useDeferredValue, useMemo } from "react";
import type { Miner } from "@/api/types";
import { inGroups, inOrder, type Group } from "@/lib/arrange";
import { searchExample, searchTest } from "@/lib/search";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { Cards } from "./Cards";
import { ListTools, useChoice, type Choice } from "./ListTools";
import { text } from "./list_texts";
import styles from "./MinerList.module.css";

// What only a large fleet needs is fetched only there.
const CardGrid = lazy(() => import("./CardGrid"));
const MinerTable = lazy(() => import("./MinerTable"));

/** From here on only the cards in sight are drawn. */
const MANY = 40;

export default function ManyMiners({ miners }: { miners: readonly Miner[] }) {
  const [choice, change] = useChoice();
  return (
    <>
      <ListTools choice={choice} change={change} />
      <Found miners={miners} choice={choice} />
    </>
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
        {text("list.search.help", searchExample())}
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
  return <Cards miners={miners} />;
}
