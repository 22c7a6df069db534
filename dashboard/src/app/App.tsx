import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { useSettings } from "@/api/settings";
import { Layout } from "./Layout";
import { HomePage } from "./pages/HomePage";

const AlertsPage = lazy(() => import("./pages/AlertsPage"));
const ChannelsPage = lazy(() => import("./pages/ChannelsPage"));
const EpisodePage = lazy(() => import("./pages/EpisodePage"));
const LearnPage = lazy(() => import("./pages/LearnPage"));
const MinerPage = lazy(() => import("./pages/MinerPage"));
const NotFoundPage = lazy(() => import("./pages/NotFoundPage"));
const RulesPage = lazy(() => import("./pages/RulesPage"));
const SettingsPage = lazy(() => import("./pages/SettingsPage"));
const WallPage = lazy(() => import("./pages/WallPage"));
const WelcomePage = lazy(() => import("./pages/WelcomePage"));

export function App() {
  return (
    <Suspense key={useUnitKey()} fallback={null}>
      <Switch>
        <Route path="/wall" component={WallPage} />
        <Route component={Pages} />
      </Switch>
    </Suspense>
  );
}

/** Figures know their unit by themselves: when it comes to be known they are all made anew. The
 * page where it is chosen shows none, and keeps what is being typed there. */
function useUnitKey(): string {
  const [pathname] = useLocation();
  const unit = useSettings().data?.temperature_unit;
  return unit === "F" && pathname !== "/settings" ? "F" : "C";
}

function Pages() {
  return (
    <Layout>
      {/* As high as the window, so that the foot does not stand there first and jump. */}
      <Suspense fallback={<div style={{ minHeight: "100vh" }} />}>
        <Switch>
          <Route path="/" component={HomePage} />
          <Route path="/miners/:id" component={MinerPage} />
          <Route path="/alerts" component={AlertsPage} />
          <Route path="/alerts/channels" component={ChannelsPage} />
          <Route path="/alerts/rules" component={RulesPage} />
          <Route path="/alerts/:id" component={EpisodePage} />
          <Route path="/settings" component={SettingsPage} />
          <Route path="/welcome" component={WelcomePage} />
          <Route path="/learn/:part?" component={LearnPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Layout>
  );
}
