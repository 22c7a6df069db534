// The history on the disk: what it weighs, how it grows, when it was last copied.
import { useStorage, type Storage } from "@/api/setup";
import { dateFormat } from "@/lib/locale";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import styles from "./Setup.module.css";
import { diskLasts, size } from "./sizes";
import { text } from "./texts";

const day = dateFormat({ dateStyle: "medium" });
const dayOf = (time: string): string => day().format(new Date(time));

export function Data() {
  const { data, error } = useStorage();
  if (error) return <Note tone="warn" icon="info" title={error.message} />;
  if (!data) return <Skeleton height="8rem" />;
  return (
    <>
      <p className={styles.text}>{forecast(data)}</p>
      <dl className={styles.facts}>
        {factsOf(data).map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {data.kind === "sqlite" && data.backups.length === 0 && (
        <Note tone="calm" icon="disk">
          {text("data.backups.none")}
        </Note>
      )}
    </>
  );
}

function forecast(data: Storage): string {
  if (data.forecast_bytes_per_year === null) return text("data.forecast.early");
  const grows = text("data.forecast", { size: size(data.forecast_bytes_per_year) });
  const lasts = diskLasts(data.free_disk_bytes, data.forecast_bytes_per_year);
  return lasts === null ? grows : `${grows} ${lasts}`;
}

function factsOf(data: Storage): [string, string][] {
  const facts: [string, string][] = [
    [text("data.kind"), text(`data.kind.${data.kind}`)],
    [text("data.size"), size(data.bytes)],
    [
      text("data.kept"),
      data.retention_days === null
        ? text("data.kept.ever")
        : text("data.kept.days", { count: Math.round(data.retention_days) }),
    ],
  ];
  if (data.first_at !== null) facts.push([text("data.since"), dayOf(data.first_at)]);
  if (data.free_disk_bytes !== null) facts.push([text("data.free"), size(data.free_disk_bytes)]);
  const newest = data.backups[0];
  if (newest?.at) {
    const values = { count: data.backups.length, day: dayOf(newest.at) };
    facts.push([text("data.backups"), text("data.backups.some", values)]);
  }
  return facts;
}

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
