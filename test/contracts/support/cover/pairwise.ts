/**
 * Rows that cover every pair of levels of different factors, where some levels exclude each other and only a test of the whole row
 * tells which. Each row is grown from a pair that none has yet, greedily by the number of new pairs (the kind of design of Cohen et al.
 * 1997), by a search that avoids all exclusions learned so far.
 */
import { permutation, type Stream } from "../../../../src/numerics/streams.js";

/** Levels by factor. */
export type Factors = Readonly<Record<string, readonly string[]>>;
/** A level of each factor. */
export type Row = Readonly<Record<string, string>>;
/** Levels of some factors, which are not all in one row. */
export type Exclusion = Readonly<Record<string, string>>;

/** What a test of a row finds: nothing wrong, or the levels that exclude each other. */
export type Verdict = { ok: true } | { ok: false; exclusions: readonly Exclusion[] };

export interface Design {
  /** Accepted ones, which together have each pair that can be had. */
  rows: readonly Row[];
  /** How many pairs there are. */
  pairs: number;
  /** Pairs in no accepted row, with the exclusion that names just them, if there is one. */
  excluded: readonly { pair: Exclusion; stated: boolean }[];
  exclusions: readonly Exclusion[];
}

/** Levels tried in the search for one row, before it counts as not to be had. */
const MOST_STEPS = 3000;

const entriesOf = (factors: Factors): { factor: string; level: string }[] =>
  Object.entries(factors).flatMap(([factor, levels]) => levels.map((level) => ({ factor, level })));

/** The pairs of levels of a row. */
export const pairsOf = (row: Exclusion): Exclusion[] => {
  const entries = Object.entries(row);
  return entries.flatMap(([one, a], i) => entries.slice(i + 1).map(([other, b]) => ({ [one]: a, [other]: b })));
};

const shuffled = <T>(all: readonly T[], uniform: Stream): T[] =>
  Array.from(permutation(all.length, uniform), (i) => all[i]!);

/** Levels are numbers, those of one factor after those of another. */
class Search {
  private readonly levels;
  private readonly idOf: ReadonlyMap<string, number>;
  private readonly domains: readonly (readonly number[])[];
  /** By pair of levels: 1 where no row has it yet, and 1 where both are never in one row. */
  private readonly uncovered: Uint8Array;
  private readonly excluded: Uint8Array;
  /** Exclusions of three levels or more, by each of their levels. */
  private readonly larger = new Map<number, (readonly number[])[]>();
  private readonly known = new Map<string, Exclusion>();

  constructor(
    factors: Factors,
    private readonly uniform: Stream,
  ) {
    this.levels = entriesOf(factors);
    this.idOf = new Map(this.levels.map(({ factor, level }, id) => [`${factor}=${level}`, id]));
    this.domains = Object.keys(factors).map((factor) =>
      this.levels.flatMap((each, id) => (each.factor === factor ? [id] : [])),
    );
    this.uncovered = new Uint8Array(this.levels.length ** 2);
    this.excluded = new Uint8Array(this.levels.length ** 2);
  }

  /** Pairs of levels of different factors, in random order. */
  pairs(): Exclusion[] {
    const { levels } = this;
    const all = levels.flatMap((one, a) =>
      levels.flatMap((other, b) => (a < b && one.factor !== other.factor ? [[a, b] as const] : [])),
    );
    for (const [a, b] of all) this.mark(this.uncovered, a, b, 1);
    return shuffled(all, this.uniform).map((ids) => this.named(ids));
  }

  isLeft(pair: Exclusion): boolean {
    const [a, b] = this.idsOf(pair) as [number, number];
    return this.uncovered[a * this.levels.length + b] === 1;
  }
  isExcluded(pair: Exclusion): boolean {
    const [a, b] = this.idsOf(pair) as [number, number];
    return this.excluded[a * this.levels.length + b] === 1;
  }
  cover(row: Row): void {
    const ids = this.idsOf(row);
    for (const a of ids) for (const b of ids) this.mark(this.uncovered, a, b, 0);
  }
  /** @returns whether it was new */
  exclude(exclusion: Exclusion): boolean {
    const ids = this.idsOf(exclusion);
    const key = ids.join(" ");
    if (this.known.has(key)) return false;
    this.known.set(key, exclusion);
    if (ids.length === 2) this.mark(this.excluded, ids[0]!, ids[1]!, 1);
    else for (const id of ids) this.larger.set(id, [...(this.larger.get(id) ?? []), ids]);
    return true;
  }
  get exclusions(): readonly Exclusion[] {
    return [...this.known.values()];
  }

  /** A row with these levels that no exclusion forbids, with as many new pairs as is greedy; undefined if the search finds none. */
  complete(start: Exclusion): Row | undefined {
    let steps = 0;
    const from = (row: readonly number[], open: readonly (readonly number[])[]): readonly number[] | undefined => {
      if (open.length === 0) return row;
      if (steps > MOST_STEPS) return undefined;
      // The factor with the fewest levels left shows soonest that there is no row.
      const next = open.reduce((least, each) => (each.length < least.length ? each : least));
      for (const id of this.ranked(next, row)) {
        steps++;
        const longer = [...row, id];
        if (this.isForbidden(longer, id)) continue;
        const rest = open.filter((each) => each !== next).map((domain) => this.fitting(domain, id));
        const found = rest.every((domain) => domain.length > 0) ? from(longer, rest) : undefined;
        if (found) return found;
      }
      return undefined;
    };
    const ids = this.idsOf(start);
    if (ids.some((a) => this.fitting(ids, a).length < ids.length)) return undefined;
    const open = this.domains
      .filter((domain) => !domain.some((id) => ids.includes(id)))
      .map((domain) => ids.reduce((left, id) => this.fitting(left, id), domain));
    const found = from(ids, shuffled(open, this.uniform));
    return found && this.named(found);
  }

  private mark(pairs: Uint8Array, a: number, b: number, value: number): void {
    pairs[a * this.levels.length + b] = value;
    pairs[b * this.levels.length + a] = value;
  }
  private idsOf(levels: Exclusion): number[] {
    return Object.entries(levels)
      .map(([factor, level]) => this.idOf.get(`${factor}=${level}`)!)
      .sort((a, b) => a - b);
  }
  private named(ids: readonly number[]): Row {
    return Object.fromEntries(
      [...ids].sort((a, b) => a - b).map((id) => [this.levels[id]!.factor, this.levels[id]!.level]),
    );
  }
  /** Those that may stand beside a level. */
  private fitting(domain: readonly number[], id: number): readonly number[] {
    return domain.filter((other) => this.excluded[id * this.levels.length + other] === 0);
  }
  /** By an exclusion that its last level completes. */
  private isForbidden(row: readonly number[], last: number): boolean {
    return this.larger.get(last)?.some((ids) => ids.every((id) => row.includes(id))) ?? false;
  }
  /** Most new pairs first. */
  private ranked(domain: readonly number[], row: readonly number[]): number[] {
    const gain = (id: number): number =>
      row.reduce((sum, other) => sum + this.uncovered[id * this.levels.length + other]!, 0);
    return shuffled(domain, this.uniform)
      .map((id) => ({ id, gain: gain(id) }))
      .sort((a, b) => b.gain - a.gain)
      .map(({ id }) => id);
  }
}

/** @param test of a row: exclusions name levels of that row, two at least; without them the pair is given up. `most`: rows after which to stop. The design depends on nothing else but the stream. */
export const pairwise = async (
  factors: Factors,
  uniform: Stream,
  test: (row: Row) => Promise<Verdict>,
  most = Number.POSITIVE_INFINITY,
): Promise<Design> => {
  const search = new Search(factors, uniform);
  const rows: Row[] = [];
  const excluded: { pair: Exclusion; stated: boolean }[] = [];
  const pairs = search.pairs();
  for (const pair of pairs)
    while (rows.length < most && search.isLeft(pair)) {
      const row = search.complete(pair);
      if (!row) {
        excluded.push({ pair, stated: search.isExcluded(pair) });
        break;
      }
      const verdict = await test(row);
      if (verdict.ok) {
        rows.push(row);
        search.cover(row);
        continue;
      }
      const learned = verdict.exclusions.map((exclusion) => search.exclude(exclusion));
      // A refusal that taught nothing would come again.
      if (!learned.includes(true)) search.exclude(pair);
    }
  return { rows, pairs: pairs.length, excluded, exclusions: search.exclusions };
};
