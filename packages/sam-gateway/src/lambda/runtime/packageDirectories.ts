/** Finds the directories that Lambda provides to a function: layers below /opt, and the packages of the runtime. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Directories of this machine that stand for those of Lambda's file system. */
export interface PackageDirectories {
  /** The layers. The first one wins. */
  layers: readonly MountedLayer[];
  /** Directories whose node_modules the function can use, in addition to those of its own files. */
  packages: readonly string[];
  /** Directories whose node_modules can have the AWS SDK. Their other packages are not visible to the function. */
  sdk: readonly string[];
}

export interface MountedLayer {
  /** The path in Lambda's file system, for example /opt. */
  mount: string;
  directory: string;
}

/** Whether the package is part of Lambda's Node.js runtime. */
export function isRuntimePackage(specifier: string): boolean {
  return /^@(?:aws-sdk|aws-crypto|smithy)\//.test(specifier);
}

/** Returns a directory and its parents, up to the root. */
export function ancestors(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}

/** Returns the file of a layer for a path below /opt. Other paths stay as they are. */
export function fromOpt(path: string, { layers }: PackageDirectories): string {
  const inLayers = layers
    .filter(({ mount }) => path.startsWith(`${mount}/`))
    .map(({ mount, directory }) => join(directory, path.slice(mount.length)));
  const extensions = ['', '.js', '.mjs', '.cjs', '.json'];
  return inLayers.find((file) => extensions.some((extension) => existsSync(`${file}${extension}`))) ?? path;
}

/** Returns the first directory whose node_modules has the package. Undefined for relative paths too. */
export function directoryWith(specifier: string, directories: PackageDirectories): string | undefined {
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  if (name === undefined || /^[./]|^node:/.test(specifier)) return undefined;
  const { packages, sdk } = directories;
  const candidates = isRuntimePackage(specifier) ? [...packages, ...sdk] : packages;
  return candidates.find((directory) => existsSync(join(directory, 'node_modules', name)));
}
