/** Finds the directories that Lambda provides to a function: layers below /opt, and the packages of the runtime. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Directories of this machine that stand for those of Lambda's file system. */
export interface PackageDirectories {
  /** The layers, which Lambda merges at /opt. The first one wins. */
  layers: readonly string[];
  /** Directories whose node_modules the function can use, in addition to those of its own files. */
  packages: readonly string[];
  /** Directories whose node_modules can have the AWS SDK. Their other packages are not visible to the function. */
  sdk: readonly string[];
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
  if (!path.startsWith('/opt/')) return path;
  const inLayers = layers.map((layer) => join(layer, path.slice('/opt/'.length)));
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
