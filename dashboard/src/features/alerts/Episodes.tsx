// Episodes as a list: those that are open first, then what was.
import { Link } from "wouter";
import { useEpisodes, type EpisodeFilter } from "@/api/alerts";
import type { Episode } from "@/api/types";
import { localTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import tones from "@/ui/tones.module.css";
import { useNow } from "@/ui/useNow";
import styles from "./Episodes.module.css";
import { text } from "./texts";
import { iconOf, measured, standing, toneOf, whose } from "./words";

interface Props {
  filter: EpisodeFilter;
  title: string;
  /** Said when there is none. */
  none: string;
}

export function Episodes({ filter, title, none }: Props) {
  const episodes = useEpisodes(filter);
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>{title}</h2>
      {episodes.isPending && <Skeleton height="6rem" />}
      {episodes.error && (
        <Note
          tone="warn"
          icon="info"
          title={text("alerts.failed")}
          action={<Button onClick={() => void episodes.refetch()}>{text("app.retry")}</Button>}
        >
          {episodes.error.message}
        </Note>
      )}
      {episodes.data?.length === 0 && <p className={styles.none}>{none}</p>}
      <ul className={styles.list}>
        {episodes.data?.map((episode) => (
          <Item key={episode.id} episode={episode} />
        ))}
      </ul>
      {episodes.hasNextPage && (
        <Button busy={episodes.isFetchingNextPage} onClick={() => void episodes.fetchNextPage()}>
          {text("alerts.more")}
        </Button>
      )}
    </section>
  );
}

function Item({ episode }: { episode: Episode }) {
  const now_ms = useNow(10_000);
  const tone = toneOf(episode);
  const figures = measured(episode);
  return (
    <li className={classes(styles.item, tones[tone])}>
      <span className={styles.icon}>
        <Icon name={iconOf(episode)} />
      </span>
      <div className={styles.words}>
        <h3 className={styles.name}>
          <Link to={`/alerts/${episode.id}`} className={styles.link}>
            {whose(episode)}: {episode.title}
          </Link>
        </h3>
        <p className={styles.standing}>
          {standing(episode, now_ms)}
          {figures && <span> · {figures}</span>}
          {episode.detail && <span> · {episode.detail}</span>}
        </p>
      </div>
      <time className={styles.time} dateTime={episode.raised_at ?? undefined}>
        {localTime(episode.raised_at, new Date(now_ms))}
      </time>
    </li>
  );
}
