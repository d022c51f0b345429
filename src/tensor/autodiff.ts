/** Gradients of a scalar with respect to named tensors, with other results of the same pass. */
import { VaelabError } from "../errors.js";
import { mapValues } from "../numerics/records.js";
import type { Bindings } from "./parameters.js";
import { type Scalar, type Tensor, tf } from "./tensor.js";

const inEachGroup = <Group extends string>(
  groups: Readonly<Record<Group, Bindings>>,
  f: (tensor: Tensor) => Tensor,
): Record<Group, Bindings> =>
  mapValues<Bindings, Bindings>(groups, (group) => mapValues(group, f)) as Record<Group, Bindings>;

/**
 * @param body receives the tensors by name and returns the loss and groups of other tensors to keep.
 * @returns a gradient for every name (zeros if the loss does not depend on it) and the kept tensors. Call inside tidy.
 */
export const gradientsOf = <Group extends string>(
  variables: Bindings,
  body: (variables: Bindings) => { loss: Scalar; keep: Readonly<Record<Group, Bindings>> },
): { gradients: Bindings; kept: Record<Group, Bindings>; unused: string[] } => {
  const names = Object.keys(variables);
  let kept = {} as Record<Group, Bindings>;
  const values = names.map((name) => variables[name]!);
  const { grads } = tf.engine().gradients<Scalar>(
    () => {
      const { loss, keep } = body(variables);
      if (loss.rank !== 0)
        throw new VaelabError("CONTRACT", { message: `a loss must be a scalar, but its shape is [${loss.shape}]` });
      // The forward pass has a scope of its own, which disposes of everything but the loss at its end.
      kept = inEachGroup(keep, (tensor) => tf.keep(tf.clone(tensor)));
      return tf.clone(loss);
    },
    values,
    undefined,
    true,
  );
  const gradients: Record<string, Tensor> = {};
  const unused: string[] = [];
  names.forEach((name, i) => {
    const gradient = grads[i] as Tensor | null | undefined;
    if (!gradient) unused.push(name);
    gradients[name] = gradient ?? tf.zerosLike(values[i]!);
  });
  const inScope = inEachGroup(kept, (tensor) => {
    const moved = tf.clone(tensor);
    tensor.dispose();
    return moved;
  });
  return { gradients, kept: inScope, unused };
};
