import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Layout } from "./Layout";
import { HomePage } from "./pages/HomePage";
import { NotFoundPage } from "./pages/NotFoundPage";

const AlertsPage = lazy(() => import("./pages/AlertsPage"));
const EpisodePage = lazy(() => import("./pages/EpisodePage"));
const MinerPage = lazy(() => import("./pages/MinerPage"));
const RulesPage = lazy(() => import("./pages/RulesPage"));
const WallPage = lazy(() => import("./pages/WallPage"));

export function App() {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/wall" component={WallPage} />
        <Route component={Pages} />
      </Switch>
    </Suspense>
  );
}

function Pages() {
  return (
    <Layout>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/" component={HomePage} />
          <Route path="/miners/:id" component={MinerPage} />
          <Route path="/alerts" component={AlertsPage} />
          <Route path="/alerts/rules" component={RulesPage} />
          <Route path="/alerts/:id" component={EpisodePage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Layout>
  );
}
