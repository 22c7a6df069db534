import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { Layout } from "./Layout";
import { HomePage } from "./pages/HomePage";
import { NotFoundPage } from "./pages/NotFoundPage";

const MinerPage = lazy(() => import("./pages/MinerPage"));
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
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Layout>
  );
}
