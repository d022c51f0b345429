/** Samples of each setting side by side, with the same seed, so that codes and noise agree. */
import { absent, figureOf } from "../charts/chart.js";
import { settingColor } from "../charts/colors.js";
import { latentScatter } from "../charts/latents.js";
import { joinWords } from "../figures/numbers.js";
import type { Setting, Settings } from "../figures/settings.js";
import type { Markup } from "../pages/html.js";
import { readLatents } from "../read/latents.js";
import { type Picture, type PictureName, readPicture, readSampleLayout, readSamplerPicture } from "../read/picture.js";
import { contentOf, has, missing, type Piece } from "../read/piece.js";
import { readRunMetrics } from "../read/run.js";
import type { TrialRecord } from "../read/sweep.js";
import { namesOfFirst } from "./by-class.js";
import {
  channelsReading,
  columnsReading,
  PICTURES,
  type PictureKind,
  picturesBySetting,
  samplerPictures,
} from "./pictures.js";

const LATENTS_OF_ALL = 4000;

export interface SettingSamples {
  pictures(name: PictureName, smallest: number): Markup;
  /** Pictures of ex-post samplers, separate from samples from the prior. */
  exPost(smallest: number): Markup[];
  /** False if no setting has image data. */
  ofImages: boolean;
}

/** Representative trial of a setting: its first finished seed, else the first with a folder. */
interface Chosen {
  setting: Setting;
  trial: TrialRecord | undefined;
}
const chosenOf = (trials: readonly TrialRecord[], settings: Settings): Chosen[] =>
  settings.all.map((setting) => {
    const own = trials.filter(({ choices, folder }) => settings.of(choices) === setting && folder !== undefined);
    const ended = own.filter(({ state }) => state === "finished");
    return { setting, trial: (ended.length > 0 ? ended : own).sort((a, b) => a.seed - b.seed)[0] };
  });

const readingOfSeeds = (chosen: readonly Chosen[]): string => {
  const seeds = [...new Set(chosen.flatMap(({ trial }) => (trial ? [trial.seed] : [])))];
  return seeds.length === 1
    ? `All with seed ${seeds[0]}.`
    : `Each with the first finished seed of its setting: ${joinWords(seeds.map((seed) => `${seed}`))}.`;
};

const pieceOfChosen = <T>({ trial }: Chosen, read: (folder: string) => Piece<T>): Piece<T> =>
  trial?.folder === undefined ? missing("no trial of this setting left a folder") : read(trial.folder);

export const settingSamples = (trials: readonly TrialRecord[], settings: Settings): SettingSamples => {
  const chosen = chosenOf(trials, settings);
  const bySetting = (
    kind: PictureKind,
    smallest: number,
    read: (folder: string) => Piece<Picture>,
    more = "",
  ): Markup =>
    picturesBySetting(
      kind,
      chosen.map((one) => ({
        label: one.setting.label,
        color: settingColor(settings, one.setting),
        seed: one.trial?.seed,
        picture: pieceOfChosen(one, read),
      })),
      `${readingOfSeeds(chosen)}${more}`,
      smallest,
    );
  const layouts = chosen.flatMap(({ trial }) => (trial?.folder === undefined ? [] : [readSampleLayout(trial.folder)]));
  const asked = [...new Set(layouts.map(columnsReading))];
  const channels = [...new Set(layouts.map(channelsReading))].join("");
  // Mentioned only if it holds for every setting.
  const columns = asked.length === 1 ? asked[0] : "";
  return {
    ofImages: layouts.length === 0 || layouts.some(({ images }) => images !== false),
    pictures: (name, smallest) =>
      bySetting(
        PICTURES[name],
        smallest,
        (folder) => readPicture(folder, name),
        `${name === "priorDraws" || name === "priorMeans" ? columns : ""}${channels}`,
      ),
    exPost: (smallest) =>
      [...new Set(layouts.flatMap(({ samplers }) => samplers))].flatMap((sampler) =>
        (["draws", "means"] as const).map((kind) =>
          bySetting(
            samplerPictures(sampler)[kind],
            smallest,
            (folder) => readSamplerPicture(folder, sampler, kind),
            columns,
          ),
        ),
      ),
  };
};

/** The codes of each setting's chosen trial, one panel per setting. */
export const latentsBySetting = async (trials: readonly TrialRecord[], settings: Settings): Promise<Markup> => {
  const chosen = chosenOf(trials, settings);
  const heading = "Test examples in latent space, by setting and label";
  const atMost = Math.max(150, Math.floor(LATENTS_OF_ALL / Math.max(1, chosen.length)));
  const read = chosen.map((one) => ({
    title: one.setting.label,
    piece: pieceOfChosen(one, (folder) =>
      readLatents(folder, atMost, namesOfFirst(contentOf(readRunMetrics(folder))?.classNames)),
    ),
  }));
  const panels = read.flatMap(({ title, piece }) => (has(piece) ? [{ title, latents: piece.value }] : []));
  const chart = latentScatter(panels, heading, Math.min(4, Math.max(1, panels.length)));
  const lacking = read.flatMap(({ title, piece }) => (has(piece) ? [] : [{ title, reason: piece.missing }]));
  if (!chart)
    return absent(heading, [...new Set(lacking.map(({ reason }) => reason))].join("; ") || "there are no settings");
  const omitted = lacking.map(({ title, reason }) => `${title}: ${reason}`).join("; ");
  return figureOf({
    ...chart,
    caption: [chart.caption, " ", readingOfSeeds(chosen), omitted && ` Not shown: ${omitted}.`],
  });
};
