/** The figures of a training history by what they are: the loss and its terms, vectors by latent, and the rest. */
import { LOGGED_KINDS, type LoggedFigure } from "../../contracts/logged-figure.js";
import type { Curves } from "../read/curves.js";

type Of = Pick<Curves, "figures">;

const byKind = (figures: readonly LoggedFigure[]): LoggedFigure[] =>
  [...figures].sort((a, b) => LOGGED_KINDS.indexOf(a.kind) - LOGGED_KINDS.indexOf(b.kind));

/** The losses, then their terms. */
export const termFigures = ({ figures }: Of): LoggedFigure[] =>
  byKind(figures.filter(({ kind, dimensions }) => (kind === "loss" || kind === "term") && dimensions === undefined));

/** Gradient norms, then schedules. */
export const optimizationFigures = ({ figures }: Of): LoggedFigure[] =>
  byKind(figures.filter(({ kind }) => kind === "gradient-norm" || kind === "schedule"));

/** What is logged by dimension of a latent. */
export const vectorFigures = ({ figures }: Of): LoggedFigure[] =>
  figures.filter(({ dimensions }) => dimensions !== undefined);
