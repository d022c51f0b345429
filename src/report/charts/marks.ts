/** Marks shared by charts, so that seeds, means and intervals look the same everywhere. */
import type { Spec } from "./render.js";

type LayeredSpec = Extract<Spec, { layer: unknown }>;
export type Layer = LayeredSpec["layer"][number];
type UnitLayer = Extract<Layer, { mark: unknown }>;
export type Encoding = NonNullable<UnitLayer["encoding"]>;
export type Row = Readonly<Record<string, string | number | null>>;

const layer = (name: string, rows: readonly Row[], mark: UnitLayer["mark"], encoding: Encoding): Layer => ({
  name,
  data: { values: [...rows] },
  mark,
  encoding,
});

/** Tooltip of a mark: field "said" of its row. */
export const SAID = { field: "said", type: "nominal" } as const;

/** Small dots, drawn over the rings. */
export const seedPoints = (rows: readonly Row[], encoding: Encoding): Layer =>
  layer("seeds", rows, { type: "point", filled: true, size: 13, opacity: 0.75 }, { ...encoding, description: SAID });

/** Rings that leave seeds visible. Panels of one chart need different names, because Vega merges layers of one name. */
export const meanPoints = (rows: readonly Row[], encoding: Encoding, name = "means"): Layer =>
  layer(
    name,
    rows,
    { type: "point", filled: false, fill: "var(--page)", fillOpacity: 0.75, size: 95, opacity: 1, strokeWidth: 2 },
    { ...encoding, description: SAID },
  );

/** Filled marks over the rings of the best means; seeds remain visible on them. */
export const filledMeans = (rows: readonly Row[], encoding: Encoding): Layer =>
  layer("best", rows, { type: "point", filled: true, size: 95, opacity: 0.4, aria: false }, encoding);

/** Controls. */
export const crosses = (rows: readonly Row[], encoding: Encoding): Layer =>
  layer(
    "controls",
    rows,
    { type: "point", shape: "cross", filled: true, size: 60, color: "var(--muted)", opacity: 1 },
    { ...encoding, description: SAID },
  );

/** No layer without rows, because an empty one has no extent to scale by. */
export const intervals = (name: string, rows: readonly Row[], encoding: Encoding): Layer[] =>
  rows.length > 0 ? [layer(name, rows, { type: "rule", strokeWidth: 1.5, aria: false }, encoding)] : [];

/** A line through the rows in the order of `position`, one per `series` if rows have one. */
export const joined = (rows: readonly Row[], encoding: Encoding, color?: string): Layer =>
  layer("joined", rows, { type: "line", aria: false, strokeWidth: 1.5, ...(color && { color }) }, encoding);

export const dashed = (name: string, rows: readonly Row[], encoding: Encoding): Layer =>
  layer(name, rows, { type: "line", strokeDash: [4, 4], strokeWidth: 1, color: "var(--muted)", aria: false }, encoding);

export const texts = (
  name: string,
  rows: readonly Row[],
  field: string,
  encoding: Encoding,
  place: { dx: number; dy: number; quiet?: boolean; align?: "left" | "right" },
): Layer =>
  layer(
    name,
    rows,
    {
      type: "text",
      align: place.align ?? "left",
      aria: false,
      dx: place.dx,
      dy: place.dy,
      ...(place.quiet ? { fontSize: 10, color: "var(--muted)" } : { fontWeight: 500 }),
    },
    { ...encoding, text: { field, type: "nominal" } },
  );
