import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotAFileError, readTextFile } from '../src/index';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'read-text-file-'));
});

afterAll(() => rm(directory, { recursive: true }));

it('reads a file as UTF-8', async () => {
  const path = join(directory, 'a.txt');
  await writeFile(path, 'é');
  expect(await readTextFile(path)).toBe('é');
});

it('rejects a directory', async () => {
  await expect(readTextFile(directory)).rejects.toThrow('it is a directory, not a file');
});

it('rejects a pipe instead of waiting for a writer', async () => {
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  await expect(readTextFile(path)).rejects.toEqual(new NotAFileError(path, 'a pipe or a device'));
});
