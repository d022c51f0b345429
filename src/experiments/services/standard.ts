/** The default services. */
import { loadEngine } from "../../engine/load.js";
import { diskCache } from "../evaluation/disk-cache.js";
import { standardLauncher } from "../launch/standard-launcher.js";
import { builtinCatalogue } from "../runs/load-options.js";
import { type Reporter, silent } from "../runs/reporter.js";
import { systemClock } from "./clock.js";
import { createScope } from "./scope.js";
import type { Rebinding, Scope, Services } from "./services.js";
import { timed } from "./timed.js";
import { untracked } from "./tracker.js";

const standardServices = (): Services => ({
  engine: loadEngine,
  catalogue: builtinCatalogue(),
  launcher: standardLauncher,
  reporter: silent,
  tracker: untracked,
  cache: diskCache,
  clock: systemClock,
});

export const openScope = (rebinding?: Rebinding): Scope => createScope(standardServices(), rebinding);

let standard: Scope | undefined;
/** The default scope. */
export const standardScope = (): Scope => (standard ??= openScope());

/** For one call: its own reporter where it has one, with rates and the time left added to what it is told. */
export const reportingTo = (scope: Scope, reporter: Reporter | undefined): Scope =>
  scope.child(({ clock, reporter: known }) => ({ reporter: timed(reporter ?? known, clock) }));
