/** Noise whose draws can be had again, for a network with dropout that sees one batch twice. */
import { VaelabError } from "../errors.js";
import type { Shape } from "./fields.js";
import type { Noise } from "./keyed-noise.js";
import type { Tensor } from "./tensor.js";

export interface Replayable {
  /** Draws as the noise that it is made of. */
  noise: Noise;
  /** What was drawn from `noise` so far, under the same names. Each reader may read a name as often as it likes. */
  replay(): Noise;
}

const recorder = (noise: Noise, path: string, drawn: Map<string, Tensor>): Noise => {
  const keep = (site: string, draw: Tensor): Tensor => {
    drawn.set(`${path}/${site}`, draw);
    return draw;
  };
  return {
    normal: (site, shape) => keep(site, noise.normal(site, shape)),
    uniform: (site, shape) => keep(site, noise.uniform(site, shape)),
    fork: (name) => recorder(noise.fork(name), `${path}/${name}`, drawn),
  };
};

const player = (path: string, drawn: ReadonlyMap<string, Tensor>): Noise => {
  const again = (site: string, shape: Shape): Tensor => {
    const draw = drawn.get(`${path}/${site}`);
    if (draw && draw.shape.join() === shape.join()) return draw;
    throw new VaelabError("CONTRACT", {
      message: `the noise "${path}/${site}" of shape [${shape}] is read again, and ${draw ? `had the shape [${draw.shape}]` : "was never drawn"}`,
    });
  };
  return { normal: again, uniform: again, fork: (name) => player(`${path}/${name}`, drawn) };
};

export const replayable = (noise: Noise): Replayable => {
  const drawn = new Map<string, Tensor>();
  return { noise: recorder(noise, "", drawn), replay: () => player("", drawn) };
};
