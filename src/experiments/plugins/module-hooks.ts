/**
 * Module hooks for plugins (nodejs.org/api/module.html#customization-hooks). What vaelab's own build imports by a file's URL is
 * a plugin; what a plugin imports belongs to it. "vaelab", imported by any of these, is resolved as from vaelab's own folder.
 */
import type { ResolveFnOutput, ResolveHook } from "node:module";

interface Running {
  /** The URL of the build's folder, with a slash at its end. */
  build: string;
  /** The URL of the package.json whose `exports` apply. */
  manifest: string;
}
let running: Running | undefined;
const ofPlugins = new Set<string>();

export const initialize = (data: Running): void => {
  running = data;
};

export const resolve: ResolveHook = async (specifier, context, next): Promise<ResolveFnOutput> => {
  const { parentURL } = context;
  if (!running || parentURL === undefined) return next(specifier, context);
  const byPlugin = ofPlugins.has(parentURL);
  if (byPlugin && /^vaelab($|\/)/.test(specifier)) return next(specifier, { ...context, parentURL: running.manifest });
  const resolved = await next(specifier, context);
  const isPlugin = parentURL.startsWith(running.build) && specifier.startsWith("file:");
  if ((byPlugin || isPlugin) && resolved.url.startsWith("file:")) ofPlugins.add(resolved.url);
  return resolved;
};
