/** What a plugin exports as services is checked when a spec names it, before anything runs. */
import { expect, test } from "vitest";
import { scoped } from "../../../src/experiments/services/scoped-experiment.js";
import { openScope } from "../../../src/experiments/services/standard.js";
import { prior, using } from "../support/plugin-sources.js";
import { workspace } from "../support/workspace.js";

const exporting = (services: string) =>
  workspace({ "a.json": using("./plugin.mjs"), "plugin.mjs": `export default [${prior("laplace")}];\n${services}` });

test.each([
  [
    "services by name are refused if they are none",
    "export const services = 3;",
    "the number 3 where services by name belong",
  ],
  [
    "so is a service that does not exist",
    "export const services = { traker: { event() {} } };",
    'there is no service "traker". Did you mean "tracker"? Known: ',
  ],
  [
    "so is one that lacks a function",
    "export const services = { clock: { date: () => new Date() } };",
    'the service "clock" has no function "milliseconds"',
  ],
  [
    "so is a catalogue",
    "export const services = { catalogue: {} };",
    "a plugin cannot replace the catalogue. It adds components to it: export default [definePrior({ ... })].",
  ],
])("%s", async (_, services, message) => {
  const place = exporting(services);
  const [code, text] = await place.refusal("a.json");
  expect(code).toBe("PLUGIN");
  expect(text).toContain(`a.json:`);
  expect(text).toContain(`/plugins/0  the plugin plugin.mjs: ${message}`);
});

test("a function that returns no services is refused when it is called", async () => {
  const place = exporting("export const services = () => ({ tracker: {} });");
  const experiment = await place.load("a.json");
  expect(() => scoped(experiment, openScope())).toThrow(/plugin\.mjs: the service "tracker" has no function "event"/);
});

test("each plugin wraps what the plugins before it left; a plugin of services needs no components", async () => {
  const told = (name: string): string =>
    `export const services = ({ tracker }) => ({ tracker: { event: (e) => { e.told.push("${name}"); tracker.event(e); } } });`;
  const place = workspace({
    "a.json": { ...using("./one.mjs"), plugins: ["./one.mjs", "./two.mjs", "./laplace.mjs"] },
    "one.mjs": told("one"),
    "two.mjs": told("two"),
    "laplace.mjs": `export default [${prior("laplace")}];`,
  });
  const { scope, outer } = scoped(await place.load("a.json"), openScope());
  const event = { told: [] as string[] };
  scope.tracker.event(event as never);
  expect(event.told).toEqual(["two", "one"]);
  outer.tracker.event(event as never);
  expect(event.told).toEqual(["two", "one"]);
});
