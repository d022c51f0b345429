/** `vaelab doctor`: which engine a run would use here, what is wrong with the others, and the remedy. */

import { describeProblem, VaelabError } from "../errors.js";
import { append } from "../numerics/lists.js";
import { INSTALL_COMMAND } from "./candidates.js";
import type { EngineName } from "./engine.js";
import { engineFolder, engineRoot } from "./folders.js";
import { type EngineOptions, loadEngine } from "./load.js";
import { readManifest } from "./native/manifest.js";
import { findPrerequisites } from "./native/prerequisites.js";

export interface CandidateDiagnosis {
  name: EngineName;
  works: boolean;
  /** Version of TensorFlow on native, of tfjs elsewhere. */
  version?: string;
  /** Build of vaelab's own kernels, on native. */
  build?: number;
  /** Where it was loaded from. */
  folder?: string;
  /** Why it does not work or cannot be installed, with the remedy. */
  problems: string[];
}

export interface Diagnosis {
  engine: EngineName;
  version: string;
  threads: number;
  node: string;
  platform: string;
  /** Folder of the native engine, whether it exists or not. */
  engineFolder: string;
  why?: string;
  /** The command that would provide a faster engine, if there is one. */
  mend?: string;
  candidates: CandidateDiagnosis[];
}

/** The gradient of sum(x^3) is 3 x^2. */
const computes = async (name: EngineName, options: EngineOptions): Promise<CandidateDiagnosis> => {
  try {
    const { tf, version, build, folder } = await loadEngine(name, options);
    const gradient = tf.tidy(() =>
      Array.from(
        tf
          .grad((x) => tf.sum(tf.mul(x, tf.square(x))))(tf.tensor1d([1, 2]))
          .dataSync(),
      ),
    );
    const works = gradient[0] === 3 && gradient[1] === 12;
    const problems = works ? [] : [`it computes wrongly: a gradient of 3, 12 came out as ${gradient.join(", ")}`];
    return { name, works, version, ...(build !== undefined && { build }), folder, problems };
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return { name, works: false, problems: error.problems.map(describeProblem) };
  }
};

/** Loads every engine in this process, the one in use last, so that it stays active. */
export const diagnose = async (options: EngineOptions = {}): Promise<Diagnosis> => {
  const candidates: CandidateDiagnosis[] = [];
  for (const name of ["native", "wasm", "cpu"] as const) candidates.push(await computes(name, options));
  const native = candidates[0]!;
  let mend: string | undefined;
  if (!native.works) {
    const { problems } = await findPrerequisites(engineRoot());
    append(native.problems, problems.map(describeProblem));
    const whole = typeof readManifest(engineFolder()) === "object";
    if (problems.length === 0) mend = whole ? `${INSTALL_COMMAND} --force` : INSTALL_COMMAND;
  }
  const { name, version, threads, why } = await loadEngine("auto", options);
  return {
    engine: name,
    version,
    threads,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    engineFolder: engineFolder(),
    ...(why === undefined ? {} : { why }),
    ...(mend === undefined ? {} : { mend }),
    candidates,
  };
};

/** The whole diagnosis as lines of text. */
export const formatDiagnosis = (diagnosis: Diagnosis): string => {
  const { engine, version, threads, node, platform, why, mend, candidates } = diagnosis;
  const library = engine === "native" ? "TensorFlow" : "TensorFlow.js";
  return [
    `engine    ${engine}  ${library} ${version}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    `machine   Node ${node}, ${platform}`,
    `folder    ${diagnosis.engineFolder}`,
    ...candidates.flatMap(({ name, works, version: its, build, folder, problems }) => [
      `${name.padEnd(10)}${works ? `works  ${its}${build === undefined ? "" : `, build ${build}`}  ${folder}` : "does not work"}`,
      ...problems.map((problem) => `          ${problem}`),
    ]),
    ...(why ? [`why       ${why}`] : []),
    ...(mend ? [`mend      ${mend}`] : []),
  ].join("\n");
};
