/** Libraries of the server. They are optional peers, loaded when a server starts. */
import { VaelabError } from "../../errors.js";

const PACKAGES = "fastify @fastify/swagger prom-client";

/** @throws USAGE with the command that installs them */
export const serverLibraries = async () => {
  try {
    const [{ fastify }, { default: swagger }, prometheus] = await Promise.all([
      import("fastify"),
      import("@fastify/swagger"),
      import("prom-client"),
    ]);
    return { fastify, swagger, prometheus };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new VaelabError("USAGE", {
      message: "a server needs packages that are not installed",
      remedy: `Install them: npm install ${PACKAGES}`,
    });
  }
};
