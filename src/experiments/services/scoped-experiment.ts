/** An experiment with the services that it works with: those of the program, some of which its plugins replace. */
import type { Experiment } from "../../registry/experiment.js";
import { checkedServices, type ServiceName } from "../../registry/plugins/services.js";
import type { Scope, ScopedExperiment } from "./services.js";

/** The services that a trial process takes from plugins. It sends events to the process that started it, which launches, reports and tracks. */
const OF_EACH_PROCESS: readonly ServiceName[] = ["engine", "cache", "clock"];

/**
 * A child scope that holds the components of the experiment's plugins, and a further one for each plugin that replaces services. A
 * plugin sees the services that the plugins before it left.
 * @param isTrialProcess another process started this one for its trials
 * @throws PLUGIN if a plugin's function returns no services
 */
export const scoped = (experiment: Experiment, outer: Scope, isTrialProcess = false): ScopedExperiment => {
  const withPlugin = (scope: Scope, plugin: Experiment["services"][number]): Scope =>
    scope.child((services) => {
      const { exported } = plugin;
      const made = checkedServices(plugin, typeof exported === "function" ? exported(services) : exported);
      if (!isTrialProcess) return made;
      return Object.fromEntries(Object.entries(made).filter(([name]) => OF_EACH_PROCESS.some((own) => own === name)));
    });
  return {
    ...experiment,
    scope: experiment.services.reduce(withPlugin, outer.child({ catalogue: experiment.catalogue })),
    outer,
  };
};
