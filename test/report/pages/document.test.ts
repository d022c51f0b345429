/** A section that throws holds the reason, and the rest of the page stands. */
import { expect, test } from "vitest";
import { documentOf, type Section } from "../../../src/report/pages/document.js";

const broken = (): never => {
  throw new TypeError("value.map is not a function");
};
const section = (id: string, body: Section["body"]): Section => ({ id, heading: `Heading of ${id}`, body });
const REASON = "Not shown: rendering failed: value.map is not a function.";

test("broken facts and sections, made at once or later", async () => {
  const page = await documentOf({
    kind: "Run",
    name: "a",
    lead: "b",
    facts: broken,
    sections: [
      section("first", broken),
      section("second", async () => broken()),
      section("none", () => undefined),
      section("last", () => "the last body"),
    ],
  });
  expect(page.split(REASON)).toHaveLength(4);
  expect(page).toContain("<h3>Heading of second</h3>");
  expect(page).toContain("the last body");
  expect(page).not.toContain("Heading of none");
  expect(page).toContain(
    '<section id="last" aria-labelledby="last-heading"><h2 id="last-heading">Heading of last</h2>',
  );
  expect(page.trimEnd().endsWith("</html>")).toBe(true);
});
