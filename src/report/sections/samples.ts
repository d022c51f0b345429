/** Samples of a run: from the prior, and separately from ex-post samplers. */
import { html, type Markup } from "../pages/html.js";
import { readPicture, readSampleLayout, readSamplerPicture } from "../read/picture.js";
import { channelsReading, columnsReading, PICTURES, pictureFigure, samplerPictures } from "./pictures.js";

/** Shown instead of pictures. */
export const NO_IMAGES = html`<p class="missing">These data are not images, so samples and reconstructions are not drawn. <code>vaelab sample</code>, <code>vaelab reconstruct</code> and <code>vaelab interpolate</code> write their values.</p>`;

export const runSamples = (folder: string): Markup => {
  const layout = readSampleLayout(folder);
  const more = `${columnsReading(layout)}${channelsReading(layout)}`;
  const exPost = layout.samplers.map((sampler) => {
    const { draws, means } = samplerPictures(sampler);
    return html`<div class="pair">${pictureFigure(draws, readSamplerPicture(folder, sampler, "draws"), more)}${pictureFigure(means, readSamplerPicture(folder, sampler, "means"), more)}</div>`;
  });
  const damage =
    layout.damage !== undefined && html`<p class="missing">The layout of the grids is unknown: ${layout.damage}.</p>`;
  return html`${damage}<div class="pair">${pictureFigure(PICTURES.priorDraws, readPicture(folder, "priorDraws"), more)}${pictureFigure(PICTURES.priorMeans, readPicture(folder, "priorMeans"), more)}</div>${exPost}`;
};
