/** Reads the output of an earlier `sam build`. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadTemplate, localFiles, partsOf, resolveTemplate, TemplateError } from 'sam-template';
import { lambdaFunctions } from './lambdaFunction';
import { layersById } from './layer';

const DIRECTORY = '.aws-sam/build';

/**
 * Returns the directories of built functions and layers, by logical ID. Functions with the same code share one.
 * Without `.aws-sam/build/template.yaml`, there are none.
 *
 * @param root the directory of the template.
 */
export async function samBuildDirectories(root: string): Promise<ReadonlyMap<string, string>> {
  const directory = join(root, DIRECTORY);
  try {
    const text = await readFile(join(directory, 'template.yaml'), 'utf8');
    const template = await loadTemplate(text, localFiles(directory));
    const resolved = resolveTemplate(template, { parameters: {}, region: '', accountId: '' });
    const functions = lambdaFunctions(resolved).flatMap(({ logicalId, code }) => {
      return code.kind === 'path' ? [[logicalId, code.path] as const] : [];
    });
    const layers = partsOf(resolved).flatMap(({ resolved: { resources, template }, prefix }) =>
      [...layersById(resources)].map(([id, { path }]) => {
        return [`${prefix}${id}`, join(dirname(template.file ?? ''), path ?? id)] as const;
      }),
    );
    return new Map([...functions, ...layers].map(([id, path]) => [id, resolve(directory, path)]));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof TemplateError || code === 'ENOENT' || code === 'ENOTDIR') return new Map();
    throw error;
  }
}

/** Whether a source file has changed since `sam build`. Skips packages and hidden directories. */
export async function isOlderThanSources(root: string, sources: string): Promise<boolean> {
  const { mtimeMs } = await stat(join(root, DIRECTORY, 'template.yaml'));
  return (await newestChange(sources)) > mtimeMs;
}

/** Returns the time of the last change of a file, in milliseconds since 1970. */
async function newestChange(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const changes = entries
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return newestChange(path);
      return entry.isFile() ? (await stat(path)).mtimeMs : 0;
    });
  return Math.max(0, ...(await Promise.all(changes)));
}
