/** Reads the local files that a template includes, and parses them. The caller gives the function that reads. */
import { isAbsolute, join } from 'node:path/posix';
import { parseIncluded, TemplateError } from './parse';
import { Unknown } from './unknown';

/** A file that a template includes. */
export interface LocalFile {
  text: string;
  /** The same for every path of the file, for example through symbolic links. */
  id: string;
}

/**
 * Reads a file. The path is relative to the outermost template. A text stands for a file whose path is its id. Rejects
 * if the file cannot be read; the message of the error is a clause that says why, for example `it is a directory`.
 */
export type ReadFile = (path: string) => Promise<string | LocalFile>;

/** A file cannot be used. The message is a clause. */
export class FileIssue extends Error {}

/** Returns why a file is not used, as a clause. */
export function reasonOf(error: unknown): string {
  if (error instanceof FileIssue) return error.message;
  if (error instanceof TemplateError) return `it is not valid: ${error.message.split('\n', 1).join('')}`;
  throw error;
}

/** Whether this is a path, not a URL. */
export function isLocal(path: string): boolean {
  return path !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(path);
}

/** Reads files whose paths are relative to one template. */
export class FileReader {
  private readonly readFile: ReadFile;
  private readonly directory: string;

  constructor(readFile: ReadFile, directory = '.') {
    this.readFile = readFile;
    this.directory = directory;
  }

  /** @param directory relative to the outermost template. */
  in(directory: string): FileReader {
    return new FileReader(this.readFile, directory);
  }

  /** Relative to the outermost template. */
  pathOf(path: string): string {
    return isAbsolute(path) ? path : join(this.directory, path);
  }

  /** @throws FileIssue if the file cannot be read. */
  async read(path: string): Promise<LocalFile> {
    const location = this.pathOf(path);
    try {
      const file = await this.readFile(location);
      return typeof file === 'string' ? { text: file, id: location } : file;
    } catch (error) {
      throw new FileIssue((error as Error).message, { cause: error });
    }
  }

  /** Returns the content of a file; an unknown value with the reason if the file cannot be read or parsed. */
  async value(path: string): Promise<unknown> {
    try {
      return parseIncluded((await this.read(path)).text);
    } catch (error) {
      return new Unknown(`${this.pathOf(path)} cannot be read: ${reasonOf(error)}`);
    }
  }

  /** Replaces each AWS::Include of a local file by the content of the file. */
  async include<Value>(value: Value): Promise<Value> {
    if (Array.isArray(value)) {
      return (await Promise.all(value.map((item: unknown) => this.include(item)))) as Value;
    }
    if (typeof value !== 'object' || value === null) return value;
    const { 'Fn::Transform': transform, ...others } = value as Record<string, unknown>;
    const location = locationOf(transform);
    const included = location === undefined ? undefined : await this.value(location);
    const entries = await Promise.all(
      Object.entries(location === undefined ? value : others).map(
        async ([key, item]) => [key, await this.include(item as unknown)] as const,
      ),
    );
    const rest = Object.fromEntries(entries);
    if (location === undefined) return rest as Value;
    if (entries.length === 0 || included instanceof Unknown) return included as Value;
    return { ...(included as object), ...rest } as Value;
  }
}

/** Returns the path of the local file that AWS::Include inserts; undefined if this is another transform. */
function locationOf(transform: unknown): string | undefined {
  if (typeof transform !== 'object' || transform === null) return undefined;
  const { Name, Parameters } = transform as { Name?: unknown; Parameters?: { Location?: unknown } };
  const location = Name === 'AWS::Include' ? Parameters?.Location : undefined;
  return typeof location === 'string' && isLocal(location) ? location : undefined;
}
