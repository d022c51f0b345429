/** What holds of a training step, whichever component stands in it: finite losses, gradients, determinism, no leaks, capture. */
import { isDeepStrictEqual } from "node:util";
import type { Engine } from "../../engine/engine.js";
import { maximum } from "../../numerics/lists.js";
import { capabilitiesOf } from "../../registry/checking/capabilities.js";
import type { Experiment } from "../../registry/experiment.js";
import { latentPlans, supportsOf } from "../../spec/latents.js";
import { assertThat } from "../assertions.js";
import { type SetUp, setUp } from "../experiment.js";
import { type Law, lawOf } from "../law.js";
import {
  assertAllFinite,
  assertCapturedLikeEager,
  assertNoLeak,
  drawsOf,
  gradientsAt,
  namedState,
  runEagerly,
} from "../steps.js";

/** Two steps have finite losses, and every trained parameter has a gradient. */
export const assertLearns = (engine: Engine, made: SetUp): void => {
  for (const outputs of runEagerly(engine.noise, made, [0, 1]).outputs) assertAllFinite(outputs);
  const gradients = Object.entries(gradientsAt(engine, made));
  assertThat(gradients.length > 0, "the model has no trained parameter, expected one at least");
  for (const [name, gradient] of gradients) {
    assertThat(gradient !== null, `no loss reaches the parameter "${name}", expected a gradient`);
    const largest = maximum(Array.from(gradient!.data, Math.abs));
    const found = `the largest element of the gradient in "${name}" is ${largest}`;
    assertThat(Number.isFinite(largest) && largest > 0, `${found}, expected a finite number above 0`);
  }
};

const assertDeterministic = async (engine: Engine, made: SetUp, load: () => Promise<Experiment>): Promise<void> => {
  const [again, other] = [await setUp(await load()), await setUp(await load(), 2)];
  const state = ({ program }: SetUp) => program.initialState;
  assertThat(
    isDeepStrictEqual(state(again), state(made)),
    "two builds with one seed have other initial weights, expected the same",
  );
  const steps = [0, 1, 2];
  assertThat(
    isDeepStrictEqual(runEagerly(engine.noise, again, steps), runEagerly(engine.noise, made, steps)),
    "two runs of three steps with one seed differ, expected the same bytes",
  );
  const names = (set: SetUp): string[] => Object.keys(namedState(state(set)));
  assertThat(isDeepStrictEqual(names(other), names(made)), "another seed has other parameter names, expected the same");
  assertThat(
    !isDeepStrictEqual(state(other), state(made)),
    "another seed has the same initial weights, expected others",
  );
};

/** Whether inference draws the first latent: one that is summed over, or a code that is certain, is not drawn. */
const isDrawn = ({ spec, builder }: SetUp): boolean => {
  const [plan] = latentPlans(spec.model, {});
  const { posterior: fields, enumerate } = plan!;
  const definition = builder.definition("posterior", fields.type);
  const isCertain = supportsOf(definition, fields).includes("codes");
  return !enumerate && !isCertain && capabilitiesOf({ definition, fields }).includes("density");
};

/** Draws differ from step to step and from site to site, and a step draws the same when it runs again. */
const assertFreshDraws = (engine: Engine, made: SetUp): void => {
  const at = (step: number): number[][] => drawsOf(engine, made, made.inputsAt(0, step));
  const [first, second] = [at(0), at(1)];
  assertThat(isDeepStrictEqual(at(0), first), "a step that runs again draws other values, expected the same");
  const sizes = (draws: number[][]): number[] => draws.map(({ length }) => length);
  assertThat(
    isDeepStrictEqual(sizes(second), sizes(first)),
    `a step draws ${sizes(second)} values, expected ${sizes(first)}`,
  );
  assertThat(first.length > 0 || !isDrawn(made), "a step draws nothing, expected a draw from the posterior");
  const all = [...first, ...second];
  for (const [i, a] of all.entries())
    for (const [j, b] of all.slice(0, i).entries()) {
      const length = Math.min(a.length, b.length);
      assertThat(
        !isDeepStrictEqual(a.slice(0, length), b.slice(0, length)),
        `draws ${j} and ${i} of two steps are the same values`,
      );
    }
};

/** @param load the same experiment at each call. `steps`: how many captured ones are compared with eager ones */
export const stepLaws = (engine: Engine, name: string, load: () => Promise<Experiment>, steps = 20): Law[] => {
  let made: Promise<SetUp> | undefined;
  const law = (title: string, check: (made: SetUp) => void | Promise<void>): Law =>
    lawOf(name, title, async () => check(await (made ??= load().then((experiment) => setUp(experiment)))));
  return [
    law("its losses are finite, and every trained parameter has a gradient", (each) => assertLearns(engine, each)),
    law("two builds with one seed are the same to the byte, and another seed is another model", (each) =>
      assertDeterministic(engine, each, load),
    ),
    law("every draw differs from step to step and from site to site, and is the same at the same step", (each) =>
      assertFreshDraws(engine, each),
    ),
    law("it leaves no tensors behind", (each) => assertNoLeak(engine, each)),
    // Graphs are native. Capture records the step on two sets of inputs, and refuses it where the recordings differ.
    ...(engine.name === "native"
      ? [
          law("captured as a graph, it does what it does eagerly", (each) => {
            assertCapturedLikeEager(engine, each, steps);
          }),
        ]
      : []),
  ];
};
