/** Gradients of a scalar with respect to named tensors, with other results of the same pass. */
import { VaelabError } from "../errors.js";
import { mapValues } from "../numerics/records.js";
import type { Bindings } from "./parameters.js";
import { type Scalar, type Tensor, tf } from "./tensor.js";

/** Tensors in named groups, which may be nested. */
export type TensorTree = Tensor | { readonly [name: string]: TensorTree };
const isTensor = (tree: TensorTree): tree is Tensor => Array.isArray(tree.shape);
const mapTensors = (tree: TensorTree, f: (tensor: Tensor) => Tensor): TensorTree =>
  isTensor(tree) ? f(tree) : mapValues(tree, (each) => mapTensors(each, f));

/**
 * @param body receives the tensors by name and returns the loss and groups of other tensors to keep.
 * @returns a gradient for every name (zeros if the loss does not depend on it) and the kept tensors. Call inside tidy.
 */
export const gradientsOf = <Kept extends TensorTree>(
  variables: Bindings,
  body: (variables: Bindings) => { loss: Scalar; keep: Kept },
): { gradients: Bindings; kept: Kept; unused: string[] } => {
  const names = Object.keys(variables);
  let kept: TensorTree = {};
  const values = names.map((name) => variables[name]!);
  const { grads } = tf.engine().gradients<Scalar>(
    () => {
      const { loss, keep } = body(variables);
      if (loss.rank !== 0)
        throw new VaelabError("CONTRACT", { message: `a loss must be a scalar, but its shape is [${loss.shape}]` });
      // The forward pass has a scope of its own, which disposes of everything but the loss at its end.
      kept = mapTensors(keep, (tensor) => tf.keep(tf.clone(tensor)));
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
  const inScope = mapTensors(kept, (tensor) => {
    const moved = tf.clone(tensor);
    tensor.dispose();
    return moved;
  });
  return { gradients, kept: inScope as Kept, unused };
};
