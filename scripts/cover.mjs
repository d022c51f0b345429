import { parseArgs } from "node:util";
import { loadSources } from "./load-sources.mjs";

const { values: options } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    count: { type: "string" },
  },
});
const wholeNumber = (name) => {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`--${name} takes a whole number, 0 or more`);
  return process.exit(2);
};
const [seed, from] = [wholeNumber("seed"), wholeNumber("from")];
const count = options.count === undefined ? undefined : wholeNumber("count");
process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";
process.env.TF_NUM_INTRAOP_THREADS ??= "1";

const { cover } = await loadSources("test/contracts/support/cover/main.ts");
const isSound = await cover({ seed, from, ...(count !== undefined && { count }), say: console.log });
process.exit(isSound ? 0 : 1);
