/**
 * Lets `import` find the packages of layers and of Lambda's runtime, and the files below /opt. Node.js runs this
 * file in a thread of its own.
 *
 * @see https://nodejs.org/api/module.html#customization-hooks
 */
import type { InitializeHook, ResolveHook } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { directoryWith, fromOpt, type PackageDirectories } from './packageDirectories';

let directories: PackageDirectories = { layers: [], packages: [], sdk: [] };

export const initialize: InitializeHook<PackageDirectories> = (data) => {
  directories = data;
};

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const path = specifier.startsWith('file:///opt/') ? fileURLToPath(specifier) : specifier;
  const file = fromOpt(path, directories);
  try {
    return await nextResolve(file === path ? specifier : pathToFileURL(file).href, context);
  } catch (error) {
    const directory = directoryWith(specifier, directories);
    if (directory === undefined) throw error;
    // Node.js looks for packages from the directory of the importing file.
    return nextResolve(specifier, {
      ...context,
      parentURL: pathToFileURL(join(directory, 'parent.js')).href,
    });
  }
};
