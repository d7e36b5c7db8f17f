/** Lets `require` find the packages of layers and of Lambda's runtime, and the files below /opt. */
import Module from 'node:module';
import { directoryWith, fromOpt, type PackageDirectories } from './packageDirectories';

type ResolveFilename = (
  request: string,
  parent: unknown,
  isMain?: boolean,
  options?: { paths?: string[] },
) => string;

/** Applies to every later `require` of this process. */
export function hookRequire(directories: PackageDirectories): void {
  const internals = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = internals._resolveFilename;
  internals._resolveFilename = (request, parent, isMain, options) => {
    const path = fromOpt(request, directories);
    try {
      return original(path, parent, isMain, options);
    } catch (error) {
      const directory = directoryWith(path, directories);
      if (directory === undefined) throw error;
      return original(path, parent, isMain, { paths: [directory] });
    }
  };
}
