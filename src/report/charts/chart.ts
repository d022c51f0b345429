/** A chart with its text: what it shows, how to read it, and its numbers in words. */
import { firstLine, VaelabError } from "../../errors.js";
import { type Content, html, type Markup } from "../pages/html.js";
import { renderChart, type Spec } from "./render.js";

export interface Chart {
  /** Title of the chart. */
  heading: string;
  /** The numbers in words, for readers who cannot see the picture. */
  alt: string;
  /** Caption: content of the chart, with n and k. */
  caption: Content;
  /** How to read it, collapsed below the caption: marks, colors, seeds and the method of the interval. Print shows it. */
  more?: Content;
  spec: Spec;
  /** The numbers, if no table of the page contains them. */
  numbers?: Markup;
}

type Sentence = string | false | undefined;
/** Sentences, and lists of them, without a doubled or missing full stop. */
export const sentences = (...parts: readonly (Sentence | readonly Sentence[])[]): string =>
  parts
    .flat()
    .filter((part) => part)
    .map((part) => `${part}`.replace(/[.]?$/, "."))
    .join(" ");

const plotOf = async (spec: Spec, alt: string): Promise<Markup> => {
  try {
    return html`<div class="plot" role="img" tabindex="0" aria-label="${alt}">${await renderChart(spec)}</div>`;
  } catch (error) {
    return html`<p class="missing">This chart could not be drawn: ${reasonOf(error)}. Its values: ${alt}</p>`;
  }
};

/** A chart that cannot be drawn is replaced by its numbers and the reason. */
export const figureOf = async ({ heading, alt, caption, more, spec, numbers }: Chart): Promise<Markup> => html`
<figure class="chart">
<h3>${heading}</h3>
${await plotOf(spec, alt)}
<figcaption>${caption}${more && html`<details class="more"><summary>How to read this chart</summary>${more}</details>`}</figcaption>
${numbers && html`<details><summary>Values</summary><div class="scroll" tabindex="0">${numbers}</div></details>`}
</figure>`;

const reasonOf = (error: unknown): string => firstLine(error).replace(/[.]$/, "");

/** A part of a page, or the reason why it failed, so that the rest of the page remains. @throws FORMAT */
export const partOf = async (heading: string, make: () => Content | Promise<Content>): Promise<Content> => {
  try {
    return await make();
  } catch (error) {
    if (error instanceof VaelabError && error.code === "FORMAT") throw error;
    return absent(heading, `rendering failed: ${reasonOf(error)}`);
  }
};

/** A line in place of a picture with the reason for its absence. */
export const absent = (heading: string, reason: string): Markup =>
  html`<figure class="chart absent"><h3>${heading}</h3><p class="missing">Not shown: ${reason}.</p></figure>`;
