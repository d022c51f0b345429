/** Encoders and decoders give the shapes that src/contracts state, row by row, for latents and fields of any rank. */
import { describe, test } from "vitest";
import { decoderLaws, encoderLaws } from "../../src/testing/laws/network.js";
import { useEngine } from "../support/engine.js";
import { casesOfKind } from "./support/cases.js";

const engine = await useEngine();

for (const each of casesOfKind("encoder"))
  describe(each.name, () => {
    for (const { name, check } of encoderLaws(engine, each.definition, each)) test(name, check);
  });

for (const each of casesOfKind("decoder"))
  describe(each.name, () => {
    for (const { name, check } of decoderLaws(engine, each.definition, each)) test(name, check);
  });
