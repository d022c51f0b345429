/** The services of a program that callers and plugins may replace, as far as they can be checked before anything runs. */
import { type Problem, VaelabError } from "../../errors.js";
import { isObject } from "../../storage/json.js";
import { describeValue } from "../reading/json.js";
import { suggest } from "../reading/nearest.js";

/** The methods of each service that is an object; the others are functions. */
const METHODS = {
  engine: undefined,
  catalogue: ["get", "child"],
  launcher: undefined,
  reporter: ["event"],
  tracker: ["event"],
  cache: ["once"],
  clock: ["date", "milliseconds"],
} as const satisfies Readonly<Record<string, readonly string[] | undefined>>;
export type ServiceName = keyof typeof METHODS;
export const SERVICE_NAMES = Object.keys(METHODS) as readonly ServiceName[];

type Fault = Pick<Problem, "message" | "remedy">;

const faultOfOne = (name: ServiceName, service: unknown): string | undefined => {
  const methods: readonly string[] | undefined = METHODS[name];
  if (!methods) return typeof service === "function" ? undefined : "is not a function";
  const missing = methods.find((method) => typeof (service as Record<string, unknown> | null)?.[method] !== "function");
  return missing && `has no function "${missing}"`;
};

/** Why a service cannot stand for the one of this name: there is none, or it lacks a method. */
export const serviceFault = (name: string, service: unknown): Fault | undefined => {
  if (!Object.hasOwn(METHODS, name))
    return {
      message: `there is no service ${JSON.stringify(name)}`,
      remedy: suggest(name, [...SERVICE_NAMES]),
    };
  const fault = faultOfOne(name as ServiceName, service);
  return fault === undefined ? undefined : { message: `the service "${name}" ${fault}` };
};

/** The services that a plugin exports. */
export interface PluginServices {
  /** For messages: the file, and where a spec names it. */
  file: string;
  where: string;
  /** Services by name, or a function that makes them from those in place. */
  exported: unknown;
}

/** Services that a plugin exports, or that its function returned. @throws PLUGIN if one cannot be used */
export const checkedServices = (
  { file, where }: PluginServices,
  services: unknown,
): Readonly<Record<string, unknown>> => {
  const refuse = ({ message, remedy }: Fault): VaelabError =>
    new VaelabError("PLUGIN", { where, message: `the plugin ${file}: ${message}`, ...(remedy && { remedy }) });
  if (!isObject(services)) throw refuse({ message: `${describeValue(services)} where services by name belong` });
  for (const [name, service] of Object.entries(services)) {
    if (name === "catalogue")
      throw refuse({
        message: "a plugin cannot replace the catalogue",
        remedy: "It adds components to it: export default [definePrior({ ... })].",
      });
    const fault = serviceFault(name, service);
    if (fault) throw refuse(fault);
  }
  return services;
};
