// The words of mining, the same that the chat explains. #share leads to one of them.
import { useEffect, useSyncExternalStore } from "react";
import { useSearchParams } from "wouter";
import { useGlossary } from "@/api/learn";
import { searchTerms } from "@/lib/glossary";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { TextField } from "@/ui/TextField";
import styles from "./Glossary.module.css";
import { Failed, Loading } from "./States";
import { text } from "./texts";

function onHash(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}
const hashNow = (): string => decodeURIComponent(window.location.hash.slice(1));

export function Glossary() {
  const { data, isError } = useGlossary();
  const [params, setParams] = useSearchParams();
  const wanted = useSyncExternalStore(onHash, hashNow);
  const typed = params.get("q") ?? "";
  const ready = data !== undefined;
  useEffect(() => {
    // The words come after the page, so the browser could not go there by itself.
    if (ready && wanted !== "") document.getElementById(wanted)?.scrollIntoView();
  }, [ready, wanted]);
  if (isError && !data) return <Failed />;
  if (!data) return <Loading />;
  const found = searchTerms(data, typed);
  return (
    <>
      <div className={styles.search}>
        <TextField
          label={text("words.search")}
          type="search"
          value={typed}
          autoComplete="off"
          onChange={({ target }) =>
            setParams(target.value === "" ? {} : { q: target.value }, { replace: true })
          }
        />
        <p role="status" className={styles.count}>
          {found.length === 0 ? text("words.none") : text("words.count", { count: found.length })}
        </p>
      </div>
      <dl className={styles.words}>
        {found.map(({ term, title, meaning }) => (
          <div
            key={term}
            id={term}
            className={classes(styles.word, term === wanted && styles.wanted)}
          >
            <dt className={styles.title}>
              {title}
              <a
                href={`#${term}`}
                className={styles.link}
                aria-label={text("words.link", { title })}
              >
                <Icon name="link" size={16} />
              </a>
            </dt>
            <dd className={styles.meaning}>{meaning}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
