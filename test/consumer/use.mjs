/** A finished run, opened in a program: what it says of new examples is what the command line says. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { openRun } from "vaelab";

const [run, codes, scores] = process.argv.slice(2);
/** Columns of a csv of numbers, by name. */
const columnsOf = (file) => {
  const [names, ...rows] = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  return Object.fromEntries(names.map((name, i) => [name, rows.map((row) => Number(row[i]))]));
};
const same = (found, expected, what) => {
  assert.equal(found.length, expected.length, what);
  for (const [i, value] of expected.entries()) assert.equal(Number(found[i].toPrecision(9)), value, `${what} ${i}`);
};

const model = await openRun(run);
const { image } = await model.sample(150, { seed: 3 });
const { mean } = await model.encode(image);
const [, dimensions] = mean.shape;
const written = columnsOf(codes);
for (let d = 0; d < dimensions; d++)
  same(
    Array.from({ length: 150 }, (_, i) => mean.data[i * dimensions + d]),
    written[`mean_${d}`],
    `mean ${d}`,
  );
const { nll } = await model.score(image, { samples: 20 });
same(nll, columnsOf(scores).nll, "nll");
const [completed] = await model.impute({
  shape: image.shape,
  data: image.data.map((x, i) => (i % 7 ? x : Number.NaN)),
});
assert.ok(completed.image.data.every(Number.isFinite));
model.close();
console.log(`${nll.length} examples: codes and scores are those of the command line`);
