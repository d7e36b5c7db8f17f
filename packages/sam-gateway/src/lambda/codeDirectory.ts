/** Decides which directory has the code that a function runs: its sources, or the output of `sam build`. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { entryPoints } from './esbuildOptions';
import { findHandlerFile, findPackageFile, isEsModule, splitHandler } from './handlerFile';
import type { LambdaFunction } from './lambdaFunction';
import { ancestors, isRuntimePackage } from './runtime/packageDirectories';
import { FunctionError } from './runtimeApi';
import { isOlderThanSources, samBuildDirectories } from './samBuild';

/** The place of the code that a function runs. */
export type CodeDirectory =
  /** Runs as it is. */
  | { kind: 'ready'; directory: string; notes: string[] }
  /** One file, which is the whole deployment package. */
  | { kind: 'file'; file: string }
  /** esbuild has to build it from the sources in this directory. */
  | { kind: 'esbuild'; directory: string };

/**
 * Finds the code at a path of the template. Functions with `BuildMethod: esbuild` are built by the gateway. Other
 * build methods need the output of `sam build`. Code without a build method runs as it is, unless only the output
 * of `sam build` has the handler and the dependencies.
 *
 * @param root the directory of the template.
 * @throws FunctionError that says what to do if there is no code.
 */
export async function findCode(root: string, path: string, lambda: LambdaFunction): Promise<CodeDirectory> {
  const sources = resolve(root, path);
  const problem = missingPart(sources, lambda);
  const isEsbuild = lambda.buildMethod === 'esbuild';
  if (isEsbuild && existsSync(sources) && (problem !== undefined || !lacksEntryPoints(sources, lambda))) {
    return { kind: 'esbuild', directory: sources };
  }
  const needsBuild = lambda.buildMethod !== undefined && !isEsbuild;
  const dependency = missingDependency(sources);
  if (problem !== undefined || needsBuild || dependency !== undefined) {
    const built = (await samBuildDirectories(root)).get(lambda.logicalId);
    if (built !== undefined && missingPart(built, lambda) === undefined) {
      const isOld = await isOlderThanSources(root, sources);
      const note = `runs the output of sam build${isOld ? ', which is older than its sources: run sam build again' : ''}`;
      return { kind: 'ready', directory: built, notes: [note] };
    }
  }
  if (problem !== undefined) {
    const fix = `run sam build, because the gateway does not run BuildMethod ${String(lambda.buildMethod)}`;
    throw new FunctionError(needsBuild ? `${problem.reason}: ${fix}` : `${problem.reason}: ${problem.fix}`);
  }
  if (statSync(sources).isFile()) return { kind: 'file', file: sources };
  return { kind: 'ready', directory: sources, notes: sourceNotes(sources, lambda, dependency) };
}

/** Code with a handler, but without its entry points, is the output of an earlier `sam build`. */
function lacksEntryPoints(directory: string, { buildProperties }: LambdaFunction): boolean {
  const files = entryPoints(buildProperties).flatMap((entry) =>
    ['', '.ts', '.js'].map((extension) => join(directory, `${entry}${extension}`)),
  );
  return files.length > 0 && !files.some((file) => existsSync(file));
}

interface MissingPart {
  reason: string;
  fix: string;
}

/** Returns the part without which a directory cannot run a function as it is. */
function missingPart(directory: string, { handler, runtime }: LambdaFunction): MissingPart | undefined {
  if (!existsSync(directory)) {
    return {
      reason: `${directory} does not exist`,
      fix: 'build the code, or correct its path in the template',
    };
  }
  if (statSync(directory).isFile()) {
    if (!/\.(?:zip|jar)$/i.test(directory)) return undefined;
    return {
      reason: `${directory} is an archive, which the gateway does not unpack`,
      fix: `run unzip ${directory} -d ${directory.replace(/\.\w+$/, '')}, and write the path of that directory in the template`,
    };
  }
  const { module = '' } = splitHandler(handler) ?? {};
  // The runtime rejects an invalid name. A layer can have the handler, and so can an installed package.
  const isElsewhere =
    module === '' || /^\/|\.\./.test(module) || existsSync(join(directory, 'node_modules', module));
  if (isElsewhere || findHandlerFile(directory, module, nodeVersion(runtime)) !== undefined) return undefined;
  const reason = `the handler ${handler} needs ${module}.js, .mjs or .cjs in ${directory}`;
  const isTypescript = findHandlerFile(directory, module, Infinity) !== undefined;
  const fix = isTypescript
    ? 'compile the TypeScript source, or add Metadata with BuildMethod: esbuild'
    : 'build the code, or correct Handler in the template';
  return { reason, fix };
}

/** Returns the version of Node.js that decides whether TypeScript files run. */
function nodeVersion(runtime: string): number {
  const declared = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 0);
  return Math.min(declared, Number.parseInt(process.versions.node));
}

/** Returns the first dependency of the package.json in this directory that is neither installed nor in Lambda. */
function missingDependency(directory: string): string | undefined {
  const names = dependenciesOf(join(directory, 'package.json')).filter((name) => !isRuntimePackage(name));
  return names.find((name) =>
    ancestors(directory).every((at) => !existsSync(join(at, 'node_modules', name))),
  );
}

function dependenciesOf(packageFile: string): string[] {
  try {
    const { dependencies } = JSON.parse(readFileSync(packageFile, 'utf8')) as { dependencies?: object };
    return Object.keys(dependencies ?? {});
  } catch {
    // Without a valid package.json there is nothing to install.
    return [];
  }
}

/** Says what differs between code that runs as it is, and its deployment package. */
function sourceNotes(
  directory: string,
  { handler, runtime }: LambdaFunction,
  dependency: string | undefined,
): string[] {
  const notes: string[] = [];
  if (dependency !== undefined) {
    notes.push(
      `no node_modules has ${dependency}, a dependency of its package.json: run npm install in ${directory}, unless a layer has it`,
    );
  }
  const { module = '' } = splitHandler(handler) ?? {};
  const file = findHandlerFile(directory, module, nodeVersion(runtime));
  const packageFile = file === undefined ? undefined : findPackageFile(dirname(file));
  const isOutside = packageFile !== undefined && relative(directory, packageFile).startsWith('..');
  if (file?.endsWith('.js') === true && isOutside && isEsModule(file)) {
    notes.push(
      `Lambda will load ${file} as CommonJS, because ${packageFile} is not deployed: name it .mjs, or add a package.json with "type": "module" beside it`,
    );
  }
  return notes;
}
