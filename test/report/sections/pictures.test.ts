/** The size at which a picture is shown. */
import { expect, test } from "vitest";
import { pictureFigure } from "../../../src/report/sections/pictures.js";

test.each([
  [100, 500],
  [180, 360],
  [800, 800],
])(
  "a picture %i pixels wide is shown %i wide: enlarged by a whole number up to 500, and never made smaller",
  (width, shown) => {
    const picture = { value: { uri: "data:", width, height: width } };
    const figure = String(pictureFigure({ heading: "Samples", reading: "Draws." }, picture));
    expect(figure).toContain(`width="${shown}" height="${shown}"`);
  },
);
