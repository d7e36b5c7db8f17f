/** Finds the packages of a function outside its code: its layers, and the AWS SDK of Lambda's runtime. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LambdaFunction } from './lambdaFunction';
import type { Layer } from './layer';
import { ancestors, type PackageDirectories } from './runtime/packageDirectories';
import { samBuildDirectories } from './samBuild';

/**
 * Returns the directories that stand for /opt and for the packages of the runtime.
 *
 * @param root the directory of the template.
 * @param sources the directory whose node_modules has the packages that a bundle leaves out.
 */
export async function findPackages(
  root: string,
  { layers, runtime }: LambdaFunction,
  sources: string | undefined,
): Promise<{ directories: PackageDirectories; notes: string[] }> {
  const built = await samBuildDirectories(root);
  const found = layers.map((layer) => findLayer(root, layer, built));
  // Lambda extracts the layers in order, so that the last one wins.
  const directories = found.flatMap(({ directory }) => directory ?? []).reverse();
  const version = /^nodejs(\d+)/.exec(runtime)?.[1] ?? '';
  const below = [`nodejs/node${version}`, 'nodejs'];
  const notes = found.flatMap(({ note }) => note ?? []);
  if (directories.length > 0)
    notes.push('/opt exists only for require and import: code cannot read its files');
  return {
    directories: {
      layers: directories,
      packages: [
        ...(sources === undefined ? [] : ancestors(sources)),
        ...below.flatMap((name) => directories.map((directory) => join(directory, name))),
      ],
      sdk: [resolve(root), process.cwd(), __dirname].flatMap(ancestors),
    },
    notes,
  };
}

interface FoundLayer {
  directory?: string;
  note?: string;
}

function findLayer(
  root: string,
  { name, path, buildMethod }: Layer,
  built: ReadonlyMap<string, string>,
): FoundLayer {
  if (path === undefined)
    return { note: `${name} is not on this machine: its files and packages are missing` };
  const output = buildMethod === undefined ? undefined : built.get(name);
  if (output !== undefined && existsSync(output)) return { directory: output };
  const directory = resolve(root, path);
  if (!existsSync(directory)) return { note: `${name}: ${directory} does not exist, build the layer` };
  if (statSync(directory).isFile()) {
    return {
      note: `${name}: ${directory} is an archive, extract it and write the directory in the template`,
    };
  }
  if (buildMethod === undefined) return { directory };
  return { directory, note: `${name} has BuildMethod ${buildMethod}: run sam build` };
}
