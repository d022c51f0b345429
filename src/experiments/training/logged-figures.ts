/**
 * Names what a step logs and declares it in the history, before its first value. A term of the objective's first phase goes by its
 * own name, one of a latent by "kl/z1" if the model has several, one of an output by "distortion/age", one of a field that a head predicts by
 * "label.accuracy", one of a later phase by
 * "PHASE/TERM"; a schedule goes by its path in the spec.
 */
import type { LoggedFigure, TermDeclaration } from "../../contracts/logged-figure.js";
import type { Phase } from "../../contracts/objective.js";
import type { Schedules } from "../../contracts/schedule.js";
import { VaelabError } from "../../errors.js";
import type { LoggedTerm } from "../../inference/logged-terms.js";
import type { HistoryLog } from "../../storage/history.js";
import type { Assembled } from "./assemble.js";

/** One value of a step, or a vector of them. */
export interface LoggedValue {
  figure: LoggedFigure;
  /** "PHASE.TERM": the name of its sums in state.json. */
  key: string;
  data: ArrayLike<number>;
}

const ACRONYMS: Readonly<Record<string, string>> = { elbo: "ELBO", nll: "NLL", kl: "KL", mse: "MSE", mmd: "MMD" };

/** The words of a name: "gradient norm" for "gradientNorm". */
const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => ACRONYMS[word.toLowerCase()] ?? word.toLowerCase())
    .join(" ") || name;

/** The shortest end of a path that no other path has: "beta", "optimizer.learningRate". */
const shortestEnd = (path: string, others: readonly string[]): string => {
  const parts = path.split(".");
  const ends = parts.map((_, i) => parts.slice(parts.length - 1 - i).join("."));
  return ends.find((end) => !others.some((other) => other !== path && other.endsWith(`.${end}`))) ?? path;
};

const scheduleFigures = (schedules: Schedules): LoggedFigure[] => {
  const names = Array.from(schedules, ({ name }) => name);
  return Array.from(schedules, ({ name, role }) => ({
    name,
    title: wordsOf(shortestEnd(name, names)),
    unit: role === "target" ? "nats" : "",
    kind: "schedule",
    ...(role && { role }),
  }));
};

const declarationOf = ({ figures, figuresByField }: Phase, { term, field }: LoggedTerm): TermDeclaration =>
  (field === undefined ? figures : figuresByField?.[field])?.[term] ?? {};

interface Named {
  term: string;
  latent?: string | undefined;
  field?: string | undefined;
}

const assertDistinct = (names: readonly string[]): void => {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new VaelabError("CONTRACT", {
      message: `two values that a step logs are named "${twice}"`,
      remedy: "Give one of the two terms another name.",
    });
};

export class LoggedFigures {
  /** By key. */
  private readonly known: Map<string, LoggedFigure>;
  private readonly hasSeveralLatents: boolean;

  /** @param log of a resumed run: the figures that it declares stand for the sums of the epoch under way */
  constructor(
    private readonly assembled: Pick<Assembled, "objective" | "model" | "schedules">,
    private readonly log: Pick<HistoryLog, "figures" | "declare">,
  ) {
    this.hasSeveralLatents = Object.keys(assembled.model.latents).length > 1;
    this.known = new Map(
      log.figures.flatMap((figure) => {
        const { phase, term, latent, field } = figure;
        return phase === undefined || term === undefined
          ? []
          : [[this.keyOf(phase, this.nameInPhase({ term, latent, field })), figure] as const];
      }),
    );
  }

  get byKey(): ReadonlyMap<string, LoggedFigure> {
    return this.known;
  }

  /**
   * @param terms by phase, of the phases that have run
   * @throws CONTRACT where two values of a step have one name
   */
  valuesOf(terms: Readonly<Record<string, readonly LoggedTerm[]>>): LoggedValue[] {
    const added: LoggedFigure[] = [];
    const values = this.assembled.objective.phases.flatMap((phase) =>
      (terms[phase.name] ?? []).map((logged): LoggedValue => {
        const key = this.keyOf(phase.name, this.nameInPhase(logged));
        let figure = this.known.get(key);
        if (!figure) {
          figure = this.figureOf(phase, logged);
          this.known.set(key, figure);
          added.push(figure);
        }
        return { figure, key, data: logged.data };
      }),
    );
    if (added.length > 0) {
      const schedules = scheduleFigures(this.assembled.schedules);
      assertDistinct(values.map(({ figure }) => figure.name));
      assertDistinct([...this.known.values(), ...schedules].map(({ name }) => name));
      this.log.declare([...added, ...schedules]);
    }
    return values;
  }

  private nameInPhase({ term, latent, field }: Named): string {
    const { outputs = {} } = this.assembled.model;
    if (field !== undefined && Object.hasOwn(outputs, field)) return `${term}/${field}`;
    if (field !== undefined) return `${field}.${term}`;
    return latent !== undefined && this.hasSeveralLatents ? `${term}/${latent}` : term;
  }

  private keyOf(phase: string, name: string): string {
    return `${phase}.${name}`;
  }

  private figureOf(phase: Phase, logged: LoggedTerm): LoggedFigure {
    const { kind, term, latent, field } = logged;
    const local = this.nameInPhase(logged);
    const isFirst = phase === this.assembled.objective.phases[0];
    const name = isFirst ? local : `${phase.name}/${local}`;
    const { title = wordsOf(term), unit = kind === "gradient-norm" ? "" : "nats" } = declarationOf(phase, logged);
    const about = field ?? (this.hasSeveralLatents ? latent : undefined);
    return {
      name,
      title: `${title}${about === undefined ? "" : ` of ${about}`}${isFirst ? "" : `, ${phase.name}`}`,
      unit,
      kind,
      phase: phase.name,
      term,
      ...(latent !== undefined && { latent }),
      ...(logged.isVector && { dimensions: logged.data.length }),
      ...(field !== undefined && { field }),
    };
  }
}
