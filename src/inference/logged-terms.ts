/** What a phase logs, in groups that say what each value is: the objective's own terms, those of a latent, those of a field. */
import type { Terms } from "../contracts/objective.js";
import type { Host, HostTensor } from "../contracts/program.js";
import type { Bindings } from "../tensor/parameters.js";
import type { Tensor } from "../tensor/tensor.js";

export type LoggedTerms = {
  readonly loss: Tensor;
  readonly terms: Bindings;
  readonly byLatent: Readonly<Record<string, Bindings>>;
  readonly byField: Readonly<Record<string, Bindings>>;
};

export const loggedTerms = ({ loss, terms, byLatent = {}, byField = {} }: Terms): LoggedTerms => ({
  loss,
  terms,
  byLatent,
  byField,
});

/** One logged value, and what it is within its phase. */
export interface LoggedTerm {
  readonly kind: "loss" | "term" | "gradient-norm";
  readonly term: string;
  readonly latent?: string;
  readonly field?: string;
  /** One value, or one per dimension of the latent. */
  readonly data: ArrayLike<number>;
  readonly isVector: boolean;
}

const contentOf = ({ shape, data }: HostTensor): Pick<LoggedTerm, "data" | "isVector"> => ({
  data,
  isVector: shape.length > 0,
});
const termsOf = (group: Host<Bindings>, about: Pick<LoggedTerm, "latent" | "field">): LoggedTerm[] =>
  Object.entries(group).map(([term, tensor]) => ({ kind: "term", term, ...about, ...contentOf(tensor) }));

/** The loss, its terms, those of fields and of latents, and the norm of the gradient if there is one. */
export const listTerms = (outputs: Host<LoggedTerms> & { readonly gradientNorm?: HostTensor }): LoggedTerm[] => {
  const { loss, terms, byField, byLatent, gradientNorm } = outputs;
  return [
    { kind: "loss", term: "loss", ...contentOf(loss) },
    ...termsOf(terms, {}),
    ...Object.entries(byField).flatMap(([field, group]) => termsOf(group, { field })),
    ...Object.entries(byLatent).flatMap(([latent, group]) => termsOf(group, { latent })),
    ...(gradientNorm ? [{ kind: "gradient-norm", term: "gradientNorm", ...contentOf(gradientNorm) } as const] : []),
  ];
};
