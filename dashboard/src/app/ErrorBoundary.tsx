import { Component, type ReactNode } from "react";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";

/** A mistake of ours must not leave an empty page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <EmptyState
        mood="trouble"
        title={text("app.crashed.title")}
        actions={
          <Button look="primary" icon="refresh" onClick={() => window.location.reload()}>
            {text("app.reload")}
          </Button>
        }
      >
        {text("app.crashed.text")}
      </EmptyState>
    );
  }
}
