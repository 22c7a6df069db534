// What the device says of itself and its settings; each fact explains itself on tap.
import { useMemo } from "react";
import { useDevice } from "@/api/device";
import { useGlossary } from "@/api/learn";
import type { Miner } from "@/api/types";
import { Explain } from "@/ui/Explain";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/useNow";
import styles from "./DeviceFacts.module.css";
import { factGroups, type Fact } from "./facts";
import { text } from "./texts";

const MINUTE_MS = 60_000;

export function DeviceFacts({ miner }: { miner: Miner }) {
  const { data: device = null } = useDevice(miner.id);
  const meaningOf = useMeanings();
  const now_ms = useNow(MINUTE_MS);
  return (
    <section aria-labelledby="facts-title" className={styles.facts}>
      <h2 id="facts-title" className={styles.title}>
        {text("facts.title")}
      </h2>
      <div className={styles.groups}>
        {factGroups(miner, device, new Date(now_ms)).map((group) => (
          <section key={group.title} className={styles.group} aria-label={group.title}>
            <h3 className={styles.heading}>{group.title}</h3>
            <dl className={styles.list}>
              {group.facts.map((fact) => (
                <Row key={fact.title} fact={fact} meaning={meaningOf(fact)} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </section>
  );
}

/** The glossary's explanation of a fact; null while it has not come. */
function useMeanings(): (fact: Fact) => string | null {
  const { data } = useGlossary();
  const meanings = useMemo(
    () => new Map(data?.map(({ term, meaning }) => [term, meaning])),
    [data],
  );
  return ({ meaning, term }) => meaning ?? (term ? meanings.get(term) : null) ?? null;
}

function Row({ fact, meaning }: { fact: Fact; meaning: string | null }) {
  const value = fact.value ?? "";
  return (
    <div className={styles.row}>
      <dt className={styles.term}>
        {meaning === null ? (
          fact.title
        ) : (
          <Explain title={fact.title} value={value} meaning={meaning} className={styles.explain}>
            {fact.title}
            <span className={styles.info}>
              <Icon name="info" size={15} />
            </span>
          </Explain>
        )}
      </dt>
      <dd className={styles.value}>
        {fact.link ? (
          <a href={fact.link} target="_blank" rel="noreferrer">
            {value}
          </a>
        ) : (
          value
        )}
      </dd>
    </div>
  );
}
