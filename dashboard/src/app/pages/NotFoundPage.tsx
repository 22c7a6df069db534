import { Link } from "react-router";
import { Standing } from "@/features/monitor/Standing";
import { text } from "@/lib/texts";
import { EmptyState } from "@/ui/EmptyState";

export function NotFoundPage() {
  return (
    <>
      <Standing page={text("app.notFound.title")} />
      <EmptyState
        mood="empty"
        title={text("app.notFound.title")}
        actions={<Link to="/">{text("app.home")}</Link>}
      >
        {text("app.notFound.text")}
      </EmptyState>
    </>
  );
}
