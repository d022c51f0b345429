import { expect, it } from "vitest";
import { fashionMnist } from "../../../src/data/packaged/fashion-mnist.js";
import { create, EXPECTED, inspect, readAll } from "../support/files.js";
import { emptyCache, placeSmall } from "../support/packaged.js";

it("names the classes of the labels, in the data and in what a run keeps", async () => {
  emptyCache();
  const folder = placeSmall(fashionMnist);
  const fields = { type: "fashion-mnist" };
  const { label } = inspect(fashionMnist, fields, folder).fields;
  // Xiao et al. 2017, table 2.
  const names = "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(",");
  expect(label).toMatchObject({ classes: 10, names });
  const dataset = await create(fashionMnist, fields, folder);
  expect(dataset.preparation).toEqual({ classes: { label: names } });
  expect(Array.from(readAll(dataset, "test").label!)).toEqual(EXPECTED.test.labels);
  await expect(create(fashionMnist, fields, folder, dataset.preparation)).resolves.toMatchObject({
    sha256: dataset.sha256,
  });
});
