import { expect, test } from "vitest";
import { asOwner, currentOwner, ownedBy, ownerOf } from "../../src/tensor/owner.js";

class Part {
  #calls = 0;
  readonly shape = [2, 3];
  get calls(): number {
    return this.#calls;
  }
  call(): string | undefined {
    this.#calls++;
    return currentOwner();
  }
  fail(): never {
    throw new Error("failed");
  }
}

test("methods run in the component's name, the innermost first, and none after", () => {
  const inner = ownedBy("prior/inner", new Part());
  const outer = ownedBy("objective/outer", { inner, run: () => [currentOwner(), inner.call(), currentOwner()] });
  expect(outer.run()).toEqual(["objective/outer", "prior/inner", "objective/outer"]);
  expect(() => inner.fail()).toThrow("failed");
  let thrown: unknown;
  try {
    asOwner("objective/outer", () => inner.fail());
  } catch (error) {
    thrown = error;
  }
  expect(ownerOf(thrown)).toBe("prior/inner");
  expect(ownerOf(new Error("another"))).toBeUndefined();
  expect(currentOwner()).toBeUndefined();
  expect(asOwner("by hand", () => currentOwner())).toBe("by hand");
});

test("a component stays what it is: private fields, getters, its class, its values, the parts in it", () => {
  const raw = new Part();
  const part = ownedBy("prior/part", raw);
  part.call();
  expect(part.calls).toBe(1);
  expect(part).toBeInstanceOf(Part);
  expect(part.shape).toBe(raw.shape);
  expect(part.call).toBe(part.call);
  const whole = ownedBy("model/whole", { part, options: { width: 3 } });
  expect(whole.part).toBe(part);
  expect(new Map([[part, 1]]).get(whole.part)).toBe(1);
  expect({ ...whole }.options).toEqual({ width: 3 });
});

test("methods of listed objects run in the name too, however the list is walked", () => {
  const phase = { name: "only", terms: () => currentOwner() };
  const objective = ownedBy("objective/listed", { phases: [phase] });
  expect(objective.phases[0]!.terms()).toBe("objective/listed");
  expect(objective.phases.map(({ terms }) => terms())).toEqual(["objective/listed"]);
  for (const each of objective.phases.filter(({ name }) => name === "only"))
    expect(each.terms()).toBe("objective/listed");
  const [first] = objective.phases;
  expect(first).toBe(objective.phases[0]);
});

test("frozen components work", () => {
  const frozen = ownedBy("schedule/frozen", Object.freeze({ at: (step: number) => step, final: 1 }));
  expect(frozen.at(3)).toBe(3);
  expect(frozen.final).toBe(1);
});
