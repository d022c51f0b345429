/**
 * Places a label next to each point, on the first of eight sides where it covers no other label or point; otherwise the label
 * is dropped. The last four sides are above and below, for points with neighbors to the left and right.
 */
export interface Labeled {
  /** In pixels from the left and the top. */
  x: number;
  y: number;
  label: string;
}
export interface LabelPlace {
  dx: number;
  dy: number;
  align: "left" | "right";
}

const LETTER = 6.4;
const HEIGHT = 11;
const RADIUS = 6;
const SIDES: readonly LabelPlace[] = [
  { dx: 8, dy: -8, align: "left" },
  { dx: 8, dy: 10, align: "left" },
  { dx: -8, dy: -8, align: "right" },
  { dx: -8, dy: 10, align: "right" },
  { dx: -6, dy: -16, align: "left" },
  { dx: -6, dy: 18, align: "left" },
  { dx: 6, dy: -16, align: "right" },
  { dx: 6, dy: 18, align: "right" },
];

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}
const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Box of a label at the given place. */
const boxOf = ({ x, y, label }: Labeled, { dx, dy, align }: LabelPlace): Box => {
  const width = label.length * LETTER;
  const left = align === "left" ? x + dx : x + dx - width;
  return { left, right: left + width, top: y + dy - HEIGHT / 2, bottom: y + dy + HEIGHT / 2 };
};
const around = ({ x, y }: Labeled): Box => ({
  left: x - RADIUS,
  right: x + RADIUS,
  top: y - RADIUS,
  bottom: y + RADIUS,
});

/** Undefined if a label does not fit. @param width of the picture, which no label leaves to the left or right */
export const placeLabels = (points: readonly Labeled[], width = Infinity): (LabelPlace | undefined)[] => {
  const taken = points.map(around);
  return points.map((point, i) => {
    const place = SIDES.find((side) => {
      const box = boxOf(point, side);
      return box.left >= 0 && box.right <= width && taken.every((other, j) => j === i || !overlap(box, other));
    });
    if (place) taken.push(boxOf(point, place));
    return place;
  });
};

/** Width of a bold letter relative to the font size. */
const BOLD = 0.65;

/** Which bold labels, centered on their points, do not overlap an earlier one that is shown. */
export const standApart = (points: readonly Labeled[], fontSize: number): boolean[] => {
  const taken: Box[] = [];
  return points.map(({ x, y, label }) => {
    const [width, height] = [(label.length * fontSize * BOLD) / 2, fontSize / 2];
    const box = { left: x - width, right: x + width, top: y - height, bottom: y + height };
    if (taken.some((other) => overlap(box, other))) return false;
    taken.push(box);
    return true;
  });
};
