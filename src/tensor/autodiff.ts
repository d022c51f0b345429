/** Gradients of a scalar with respect to named tensors, with other results of the same pass. */
import { VaelabError } from "../errors.js";
import type { Bindings } from "./parameters.js";
import { type Scalar, type Tensor, tf } from "./tensor.js";

/**
 * @param body receives the tensors by name and returns the loss and other tensors to keep.
 * @returns a gradient for every name (zeros if the loss does not depend on it) and the kept tensors. Call inside tidy.
 */
export const gradientsOf = (
  variables: Bindings,
  body: (variables: Bindings) => { loss: Scalar; keep: Bindings },
): { gradients: Bindings; kept: Bindings; unused: string[] } => {
  const names = Object.keys(variables);
  const kept: Record<string, Tensor> = {};
  const values = names.map((name) => variables[name]!);
  const { grads } = tf.engine().gradients<Scalar>(
    () => {
      const { loss, keep } = body(variables);
      if (loss.rank !== 0)
        throw new VaelabError("CONTRACT", { message: `a loss must be a scalar, but its shape is [${loss.shape}]` });
      // The forward pass has a scope of its own, which disposes of everything but the loss at its end.
      for (const [name, tensor] of Object.entries(keep)) kept[name] = tf.keep(tf.clone(tensor));
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
  const inScope: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(kept)) {
    inScope[name] = tf.clone(tensor);
    tensor.dispose();
  }
  return { gradients, kept: inScope, unused };
};
