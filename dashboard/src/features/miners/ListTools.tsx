// Search, order, groups and the choice of cards or table. All of it stands in the URL.
import { useEffect, useRef } from "react";
import { useSearchParams } from "wouter";
import {
  GROUPINGS,
  ORDERS,
  parseGrouping,
  parseOrder,
  type Grouping,
  type Order,
} from "@/lib/arrange";
import { searchExample } from "@/lib/search";
import { Icon } from "@/ui/Icon";
import { Segmented } from "@/ui/Segmented";
import { Select } from "@/ui/Select";
import { text } from "./list_texts";
import styles from "./ListTools.module.css";

export interface Choice {
  query: string;
  order: Order;
  grouping: Grouping;
  view: "cards" | "table";
}

/** "" or the usual choice leaves nothing in the URL. */
type Change = (name: "q" | "sort" | "group" | "view", value: string) => void;

const USUAL = { q: "", sort: "attention", group: "none", view: "cards" };

export function useChoice(): [Choice, Change] {
  const [params, setParams] = useSearchParams();
  const change: Change = (name, value) =>
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        if (value === USUAL[name]) next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const choice: Choice = {
    query: params.get("q") ?? "",
    order: parseOrder(params.get("sort")),
    grouping: parseGrouping(params.get("group")),
    view: params.get("view") === "table" ? "table" : "cards",
  };
  return [choice, change];
}

interface Props {
  choice: Choice;
  change: Change;
}

export function ListTools({ choice, change }: Props) {
  return (
    <div className={styles.tools} role="search">
      <Search value={choice.query} onChange={(value) => change("q", value)} />
      <Select
        label={text("list.order")}
        value={choice.order}
        options={ORDERS.map((value) => ({ value, label: text(`list.order.${value}`) }))}
        onChange={(value) => change("sort", value)}
      />
      <Select
        label={text("list.group")}
        value={choice.grouping}
        options={GROUPINGS.map((value) => ({ value, label: text(`list.group.${value}`) }))}
        onChange={(value) => change("group", value)}
      />
      <Segmented
        legend={text("list.view")}
        value={choice.view}
        onChange={(value) => change("view", value)}
        options={[
          { value: "cards", label: <Icon name="cards" />, name: text("list.view.cards") },
          { value: "table", label: <Icon name="rows" />, name: text("list.view.table") },
        ]}
      />
    </div>
  );
}

/** "/" brings the keyboard here from anywhere on the page. */
function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <input
      ref={input}
      type="search"
      className={styles.search}
      placeholder={text("list.search.example", searchExample())}
      aria-label={text("list.search")}
      title={text("list.search.help", searchExample())}
      defaultValue={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
