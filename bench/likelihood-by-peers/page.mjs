/** RESULTS.md: the figures of one whole run, and what they show and do not. */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const fixed = (values) => values.map((value) => value.toFixed(2)).join(", ");
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
const table = (head, rows) => {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((cells) => cells[i].length)));
  const row = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(row).join("\n");
};

const SIDES = { vaelab: "vaelab", pythae: "pythae", begunAlike: "pythae, begun alike" };
const figuresOf = (scored, name) => scored.map(({ figures }) => figures[name].value);

/** NLLs of one side, and how much lower or higher vaelab's are. */
const nllRows = ({ name, compared, ...by }) =>
  Object.entries(SIDES).map(([side, title]) => {
    const nlls = figuresOf(by[side], "nll");
    const figures = [`${name}: ${title}`, fixed(nlls), mean(nlls).toFixed(2)];
    if (side === "vaelab") return [...figures, "", ""];
    const { low, high } = compared[side];
    const difference = mean(figuresOf(by.vaelab, "nll")) - mean(nlls);
    return [...figures, signed(difference), `${signed(low)} to ${signed(high)}`];
  });
const partRows = ({ name, compared: _, ...by }) =>
  Object.entries(SIDES).map(([side, title]) => {
    const of = (figure) => fixed(figuresOf(by[side], figure));
    const draws = figuresOf(by[side], "effectiveSampleSize").map((value) => value.toFixed(0));
    return [`${name}: ${title}`, of("rate"), of("distortion"), of("nllTrainingEncoder"), draws.join(", ")];
  });

const list = (names) => names.join("; ");
const shown = (found, side) => {
  const where = (is) => found.filter(({ compared }) => is(compared[side])).map(({ name }) => name);
  const [lower, higher] = [where(({ high }) => high < 0), where(({ low }) => low > 0)];
  const none = where(({ low, high }) => low <= 0 && high >= 0);
  return [
    ...(lower.length > 0 ? [`lower beyond the seeds' interval for ${list(lower)}`] : []),
    ...(none.length > 0 ? [`not different beyond it for ${list(none)}`] : []),
    ...(higher.length > 0 ? [`higher beyond it for ${list(higher)}`] : []),
  ].join(", ");
};

export const resultsPage = ({ found, seeds, spec }) => {
  const { training, data, model, evaluation } = spec;
  const { samples } = evaluation.metrics.find(({ type }) => type === "iwae-nll");
  const [{ steps, examples }] = found[0].pythae.map(({ own }) => own);
  const checks = found.map(({ name, pythae, compared }) => [
    name,
    fixed(pythae.map(({ own }) => own.nll)),
    fixed(compared.read),
  ]);
  return `# What \`run.mjs\` gave

\`node bench/likelihood-by-peers/run.mjs --seeds ${seeds.join(",")}\`: test NLL in nats of \`digits\`, static binarization, ${data.train} for
training, ${data.validation} for validation, ${data.test} for test; lower is better. MLP ${model.encoder.hidden.join("-")}, latent ${model.latent}, Adam ${training.optimizer.learningRate}, batches of ${training.batchSize},
${training.epochs} epochs, ${steps} steps on every side; of each run the weights of the epoch with the best validation loss.

All are read by vaelab's \`iwae-nll\`, k = ${samples}: pythae's weights are put into vaelab's model, and a copy of their encoder is refitted
for ${evaluation.refit.epochs} epochs at beta 1, exactly as that of vaelab's. The interval is Welch's two-sided 95 % t interval (unpaired, variances
not taken to be equal; scipy) of the difference of means, vaelab's less the row's, over ${seeds.length} seeds a side: a seed names other draws on
each side, so they are not paired. "Begun alike" is pythae whose first weights are drawn by vaelab's rules, to tell what they do.

${table(["", `NLL, seeds ${seeds.join(", ")}`, "mean", "vaelab's less it", "95 % interval"], found.flatMap(nllRows))}

**What it shows.**

- Beside pythae as it is, vaelab's NLL is ${shown(found, "pythae")}.
- Beside pythae begun alike, it is ${shown(found, "begunAlike")}.

A difference that is in the first line alone is one of the first weights, not of the models or of how they are trained.

**What is the same.** Data (the same arrays), nets, optimizer, steps, the rule of the best epoch and the objective: pythae sums
its binary cross-entropy over pixels, as a Bernoulli's log-likelihood is, and its beta weighs the rate in nats. No warm-up on any side.
pythae trains by its own trainer and its own \`VAE\`, \`BetaVAE\` and \`VAMP\`; a subclass of the trainer leaves out the last, smaller batch of
an epoch, for vaelab does.

**What is each one's own.** First weights: in vaelab He normal before a rectifier, Glorot uniform elsewhere, biases 0; in pythae
PyTorch's, uniform within 1 / sqrt(inputs), biases too. Pseudo-inputs: in vaelab free parameters that begin as training examples; in
pythae a linear layer of the identity that begins near 0, half of it below, where the hard tanh has no gradient. Begun alike they
stay the examples that they begin as, for at 0 and 1 PyTorch's hard tanh has no gradient either; vaelab's has one there. The epsilon of
Adam, 1e-8, is added before the bias correction in vaelab and after it in PyTorch.

**Rate, distortion, NLL by the training encoder, and the median effective sample size of the NLL above**, seeds ${seeds.join(", ")}. Below 10
draws an NLL is an upper bound, and the looser the fewer they are:

${table(["", "rate", "distortion", "NLL, training encoder", "effective draws"], found.flatMap(partRows))}

**That the weights arrive whole.** The first ${examples} test digits by the training encoder, in pythae's own \`get_nll\` and in vaelab, with
k = ${samples} and draws of their own:

${table(["", `pythae's get_nll, seeds ${seeds.join(", ")}`, "vaelab of the same"], checks)}

**What it does not show.** Anything of other data or nets, of longer training or of settings sought for either: ${training.epochs} epochs of ${data.train} digits is
a short run, in which first weights tell, and what they are worth after more of it was not measured. With ${seeds.length} seeds, a difference
smaller than its interval would not be seen.
`;
};
