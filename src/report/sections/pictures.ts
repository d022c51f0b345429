/** Saved image grids, scaled by whole factors if the page is wide enough. */
import type { SampleLayout } from "../../storage/layout.js";
import { setTitle } from "../figures/columns.js";
import { joinWords } from "../figures/numbers.js";
import { type Content, html, type Markup } from "../pages/html.js";
import type { Picture, PictureName } from "../read/picture.js";
import { has, type Piece } from "../read/piece.js";

export interface PictureKind {
  heading: string;
  /** Content of the picture and how to read it. */
  reading: string;
}

export const PICTURES = {
  priorDraws: {
    heading: "Samples from the prior: draws from the likelihood",
    reading:
      "Codes are drawn from the prior, and images from the likelihood given the codes. This is what the model generates and what metrics score, including the noise of the likelihood.",
  },
  priorMeans: {
    heading: "Samples from the prior: decoded means",
    reading: "Means of the likelihood at the same codes. They look cleaner than what the model generates.",
  },
  reconstructions: {
    heading: "Test examples and their reconstructions",
    reading: "Pairs of rows: test examples, and below each its reconstruction, the mean of the likelihood at its code.",
  },
  interpolations: {
    heading: "Interpolations between test examples",
    reading: "Each row shows decoded means along the straight line between the posterior means of two test examples.",
  },
} as const satisfies Record<PictureName, PictureKind>;

/** Which channels are drawn, if images have more than a picture can show. */
export const channelsReading = ({ channels }: SampleLayout): string => {
  if (!channels) return "";
  const { drawn, of } = channels;
  return drawn === 3
    ? ` Only the first 3 of ${of} channels are drawn, as red, green and blue.`
    : ` Only the first of ${of} channels is drawn.`;
};

/** The requested class of each column of a sample grid. */
export const columnsReading = ({ columns }: SampleLayout): string => {
  if (!columns) return "";
  const { field, classes, names } = columns;
  const asked = names ? joinWords(names) : `${classes[0]} to ${classes.at(-1)}`;
  return ` Columns from left to right are samples requested for ${field} ${asked}.`;
};

/** The two pictures of an ex-post sampler. */
export const samplerPictures = (sampler: string) =>
  ({
    draws: {
      heading: `Ex-post samples, ${setTitle({ sampler, output: "draws" })}: draws from the likelihood`,
      reading:
        "Codes are drawn from a density that was fitted to the codes of the training set after training, not from the prior, and images from the likelihood given the codes.",
    },
    means: {
      heading: `Ex-post samples, ${setTitle({ sampler, output: "draws" })}: decoded means`,
      reading: "Means of the likelihood at the same codes.",
    },
  }) as const;

const DISPLAY_WIDTH = 500;

export const pictureFigure = ({ heading, reading: said }: PictureKind, picture: Piece<Picture>, more = ""): Markup => {
  const reading = `${said}${more}`;
  if (!has(picture))
    return html`<figure class="absent"><h3>${heading}</h3><p class="missing">Not shown: ${picture.missing}.</p></figure>`;
  const { uri, width, height } = picture.value;
  const scale = Math.max(1, Math.floor(DISPLAY_WIDTH / width));
  return html`<figure class="sample"><h3>${heading}</h3>
<img src="${uri}" width="${width * scale}" height="${height * scale}" alt="${heading}: a grid of ${width} by ${height} pixels. ${reading}">
<figcaption>${reading}</figcaption></figure>`;
};

export interface SettingPicture {
  label: string;
  color: string;
  seed: number | undefined;
  picture: Piece<Picture>;
}

/** One picture per setting, side by side. */
export const picturesBySetting = (
  { heading, reading }: PictureKind,
  of: readonly SettingPicture[],
  more: Content,
  smallest: number,
): Markup => {
  const first = of.map(({ picture }) => picture).find(has);
  if (!first) {
    const reasons = [...new Set(of.map(({ picture }) => (has(picture) ? "" : picture.missing)))];
    return html`<figure class="absent"><h3>${heading}</h3><p class="missing">Not shown: ${reasons.join("; ") || "there are no settings"}.</p></figure>`;
  }
  const columns = `grid-template-columns:repeat(auto-fill,minmax(min(100%,${smallest}px),1fr))`;
  return html`<figure><h3>${heading}</h3>
<ul class="pictures" style="${columns}">${of.map(
    ({ label, color, seed, picture }) =>
      html`<li><p><span class="swatch" style="background:${color}"></span>${label}</p>${
        has(picture)
          ? html`<img src="${picture.value.uri}" width="${picture.value.width}" height="${picture.value.height}" alt="${heading}, ${label}, seed ${seed}">`
          : html`<span class="missing">Not shown: ${picture.missing}.</span>`
      }</li>`,
  )}</ul>
<figcaption>${reading} ${more}</figcaption></figure>`;
};
