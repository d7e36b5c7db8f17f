/** Finds the packages of a function outside its code: its layers, and the AWS SDK of Lambda's runtime. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LambdaFunction } from './lambdaFunction';
import type { Layer } from './layer';
import { ancestors, type MountedLayer, type PackageDirectories } from './runtime/packageDirectories';
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
  const mounted = found.flatMap(({ layer }) => layer ?? []).reverse();
  const notes = found.flatMap(({ note }) => note ?? []);
  if (mounted.length > 0) notes.push('/opt exists only for require and import: code cannot read its files');
  const version = /^nodejs(\d+)/.exec(runtime)?.[1] ?? '';
  const below = [`/opt/nodejs/node${version}`, '/opt/nodejs'].flatMap((path) => {
    return mounted
      .filter(({ mount }) => `${path}/`.startsWith(`${mount}/`))
      .map(({ mount, directory }) => join(directory, path.slice(mount.length)));
  });
  return {
    directories: {
      layers: mounted,
      packages: [...(sources === undefined ? [] : ancestors(sources)), ...below],
      sdk: [resolve(root), process.cwd(), __dirname].flatMap(ancestors),
    },
    notes,
  };
}

interface FoundLayer {
  layer?: MountedLayer;
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
  if (output !== undefined && existsSync(output)) return { layer: { mount: '/opt', directory: output } };
  const directory = resolve(root, path);
  if (!existsSync(directory)) return { note: `${name}: ${directory} does not exist, build the layer` };
  if (statSync(directory).isFile()) {
    return {
      note: `${name}: ${directory} is an archive, which the gateway does not unpack: run unzip ${directory} -d ${directory.replace(/\.\w+$/, '')}, and write the path of that directory in the template`,
    };
  }
  if (buildMethod === undefined || existsSync(join(directory, 'nodejs'))) {
    return { layer: { mount: '/opt', directory } };
  }
  // sam build would put the files of this directory, and its installed packages, below nodejs.
  const mount = buildMethod.startsWith('nodejs') ? '/opt/nodejs' : '/opt';
  const isInstalled = existsSync(join(directory, 'node_modules'));
  return {
    layer: { mount, directory },
    ...(isInstalled ? {} : { note: `${name} has BuildMethod ${buildMethod}: run sam build` }),
  };
}
