import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startLive } from "@/api/live";
import { startRetelling } from "@/api/retold";
import { startLanguage } from "@/lib/texts/languages";
import "@/ui/base.css";
import { Toasts } from "@/ui/Toasts";
import { App } from "./App";
import { ErrorBoundary } from "./ErrorBoundary";
import { registerShell } from "./shell";

const queries = new QueryClient({
  defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1 } },
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

async function start(place: HTMLElement): Promise<void> {
  await startLanguage();
  await startRetelling();
  startLive(queries);
  registerShell();
  // In short pieces, between which the browser answers whoever taps already.
  startTransition(() =>
    createRoot(place).render(
      <StrictMode>
        <ErrorBoundary>
          <QueryClientProvider client={queries}>
            <Toasts>
              <App />
            </Toasts>
          </QueryClientProvider>
        </ErrorBoundary>
      </StrictMode>,
    ),
  );
}

void start(root).then(async () => {
  const { startLater } = await import("@/api/later");
  startLater(queries);
});
