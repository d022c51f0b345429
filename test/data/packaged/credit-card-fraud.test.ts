import { expect, it } from "vitest";
import { creditCardFraud } from "../../../src/data/packaged/credit-card-fraud.js";
import { create, folderWith, inspect, readAll } from "../support/files.js";

it("reads its table as csv does, with the class as the label", async () => {
  const names = ["Time", ...Array.from({ length: 28 }, (_, i) => `V${i + 1}`), "Amount", "Class"];
  // As the file writes them: names and classes in quotes.
  const rows = Array.from({ length: 40 }, (_, i) => [
    ...names.slice(1).map((_, column) => ((i * (column + 3)) % 17) / 4 - 1.5),
    `"${Number(i % 8 === 0)}"`,
  ]);
  const text = [names.map((name) => `"${name}"`), ...rows].map((row) => `${row.join(",")}\n`).join("");
  const folder = folderWith({ "creditcard.csv": text });
  const fields = { type: "credit-card-fraud" };
  expect(inspect(creditCardFraud, fields, folder)).toMatchObject({
    fields: { x: { shape: [30] }, label: { classes: 2 } },
    sizes: { train: 32, validation: 4, test: 4 },
  });
  const dataset = await create(creditCardFraud, fields, folder);
  const frauds = (["train", "validation", "test"] as const).flatMap((name) =>
    Array.from(readAll(dataset, name).label!),
  );
  expect(frauds.reduce((sum, label) => sum + label, 0)).toBe(5);
});
