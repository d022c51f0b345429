/** docs/presets.md: what it says of every preset, and of every model of three other libraries. Nothing is trained. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compositionHash, type Measured, type PresetRow, presetsPage } from "../../src/cli/presets-page.js";
import { readPresets } from "../../src/cli/read-presets.js";
import { root } from "../structure/rooms.js";

const { rows, measured } = readPresets(root);

describe("docs/presets.md", () => {
  test("is what examples/presets and bench/presets say: else run npm run presets", () => {
    expect(readFileSync(join(root, "docs", "presets.md"), "utf8")).toBe(presetsPage(rows, measured));
  });
  test("gives each figure that is published its setting and its source", () => {
    for (const { entry } of rows)
      for (const { figure, setting, source } of entry.published) {
        expect(figure).toMatch(/\d/);
        expect(setting).toMatch(/MNIST|dSprites|CelebA|CIFAR|digits/);
        expect(source).toMatch(/\w/);
      }
  });
});

/** As the libraries list their models: pythae's README, `vae_models` of PyTorch-VAE, the model names of disentanglement_lib. */
const MODELS = {
  pythae: [
    ...[
      "AE",
      "VAE",
      "BetaVAE",
      "VAE_LinNF",
      "VAE_IAF",
      "DisentangledBetaVAE",
      "FactorVAE",
      "BetaTCVAE",
      "IWAE",
      "MIWAE",
    ],
    ...["PIWAE", "CIWAE", "MSSSIM_VAE", "WAE_MMD", "INFOVAE_MMD", "VAMP", "SVAE", "PoincareVAE", "Adversarial_AE"],
    ...["VAEGAN", "VQVAE", "HVAE", "RAE_L2", "RAE_GP", "RHVAE", "HRQVAE"],
  ],
  "PyTorch-VAE": [
    ...[
      "HVAE",
      "LVAE",
      "IWAE",
      "SWAE",
      "MIWAE",
      "VQVAE",
      "DFCVAE",
      "DIPVAE",
      "BetaVAE",
      "InfoVAE",
      "WAE_MMD",
      "VampVAE",
    ],
    ...["GammaVAE", "MSSIMVAE", "JointVAE", "BetaTCVAE", "FactorVAE", "LogCoshVAE", "VanillaVAE", "ConditionalVAE"],
    ...["CategoricalVAE"],
  ],
  disentanglement_lib: ["beta_vae", "annealed_vae", "factor_vae", "dip_vae_i", "dip_vae_ii", "beta_tc_vae"],
};
/** Models that may lack a preset. */
const MISSING: Readonly<Record<string, readonly string[]>> = {
  pythae: ["MSSSIM_VAE", "VAEGAN"],
  "PyTorch-VAE": ["DFCVAE", "MSSIMVAE"],
};

test.each(Object.entries(MODELS))("the models of %s have presets", (library, models) => {
  const found = rows.flatMap(({ entry }) => entry.names?.[library] ?? []).map((name) => name.replace(/ \(.*\)$/, ""));
  const missing = models.filter((name) => !found.includes(name) && !MISSING[library]?.includes(name));
  expect(missing).toEqual([]);
  expect(found.filter((name) => !models.includes(name))).toEqual([]);
});

describe("a row", () => {
  const written = { model: { latent: 2, encoder: "mlp" }, training: { batchSize: 10 } };
  const row: PresetRow = {
    name: "one",
    entry: {
      paper: "Someone 2020",
      names: { pythae: ["One"] },
      published: [{ figure: "NLL 90.0", setting: "MNIST, static", source: "the paper", ours: "89.0" }],
    },
    written,
    composition: "mlp",
  };
  const figures = {
    precision: { value: 0.5 },
    nll: { value: 101.25, standardError: 0.96, bound: "upper" },
    accuracy: { value: 0.875 },
  } as const;
  const lastRow = (preset: PresetRow, presets: Measured["presets"]): string =>
    presetsPage([preset], { budget: "5 epochs.", presets }).trimEnd().split("\n").at(-1)!;
  const of = (composition: string): Measured["presets"] => ({ one: { composition, data: "binary digits", figures } });

  test("shows ours with its budget, and beside a published figure where the settings are equal", () => {
    expect(lastRow(row, of(compositionHash(written)))).toBe(
      "| `one` | pythae `One` | Someone 2020 | mlp | NLL 90.0: MNIST, static [the paper] | NLL ≤ 101.3 ± 1.0, precision 0.50, accuracy 87.5 % (binary digits, other budget); 89.0 beside NLL 90.0 |",
    );
  });
  test("says where a preset has changed since, and where nothing was published or measured", () => {
    expect(lastRow(row, of("000000000000"))).toContain("other budget, an earlier form of the preset)");
    expect(lastRow({ ...row, entry: { paper: "Someone 2020", published: [] } }, {})).toMatch(
      / none given \| not measured \|$/,
    );
  });
  test("changes its hash with what is trained, not with the description", () => {
    expect(compositionHash({ ...written, description: "other" })).toBe(compositionHash(written));
    expect(compositionHash({ ...written, training: { batchSize: 20 } })).not.toBe(compositionHash(written));
  });
});
