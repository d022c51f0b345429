import { beforeAll, describe } from "vitest";
import { PowerSpherical } from "../../../src/distributions/index.js";
import { powerSpherical } from "../../../src/models/posteriors/index.js";
import { useEngine } from "../../support/engine.js";
import { readsTheFeatures } from "./spheres.js";

beforeAll(async () => {
  await useEngine();
});

describe("the power spherical posterior", () => readsTheFeatures(powerSpherical, PowerSpherical));
