import { describe, expect, it } from "vitest";
import { SORT_SCRIPT } from "../../../src/report/pages/sort-script.js";

/** As much of a document as the script touches. */
class Head {
  readonly attributes = new Map<string, string>();
  private listener = (): void => undefined;
  getAttribute = (name: string): string | null => this.attributes.get(name) ?? null;
  setAttribute = (name: string, value: string): unknown => this.attributes.set(name, value);
  removeAttribute = (name: string): unknown => this.attributes.delete(name);
  querySelector = () => ({
    addEventListener: (_: string, listener: () => void): void => {
      this.listener = listener;
    },
  });
  click(): void {
    this.listener();
  }
}
const tableOf = (columns: readonly (readonly string[])[]) => {
  const heads = columns.map(() => new Head());
  const rows = columns[0]!.map((_, i) => ({
    cells: columns.map((column) => ({ dataset: { value: column[i]! }, textContent: column[i]! })),
  }));
  const body = {
    rows,
    append: (...sorted: typeof rows): void => {
      rows.splice(0, rows.length, ...sorted);
    },
  };
  const table = { tHead: { rows: [{ cells: heads }] }, tBodies: [body] };
  new Function("document", SORT_SCRIPT)({ querySelectorAll: () => [table] });
  return { heads, column: (at: number): string[] => rows.map(({ cells }) => cells[at]!.dataset.value) };
};

describe("a table's head", () => {
  const numbers = ["10", "9", "-0.5", "", "1e-3"];
  const names = ["vamp", "gaussian", "flow", "vq", "mixture"];

  it("sorts by numbers as numbers, turns round on the second click, and keeps nulls last", () => {
    const { heads, column } = tableOf([numbers, names]);
    heads[0]!.click();
    expect(column(0)).toEqual(["-0.5", "1e-3", "9", "10", ""]);
    expect(heads[0]!.getAttribute("aria-sort")).toBe("ascending");
    heads[0]!.click();
    expect(column(0)).toEqual(["10", "9", "1e-3", "-0.5", ""]);
    expect(heads[0]!.getAttribute("aria-sort")).toBe("descending");
  });

  it("sorts by names as text, and moves the mark of the sorted column", () => {
    const { heads, column } = tableOf([numbers, names]);
    heads[0]!.click();
    heads[1]!.click();
    expect(column(1)).toEqual(["flow", "gaussian", "mixture", "vamp", "vq"]);
    expect([heads[0]!.getAttribute("aria-sort"), heads[1]!.getAttribute("aria-sort")]).toEqual([null, "ascending"]);
  });
});
