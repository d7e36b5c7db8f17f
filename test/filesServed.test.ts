import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endServers, startServer, type ServerProcess } from './helpers/serverProcess';

jest.setTimeout(120_000);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'served-'));
});

afterEach(async () => {
  await endServers();
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function post(server: ServerProcess, body: object = {}): Promise<{ status: number; Items: unknown[] }> {
  const response = await fetch(await server.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as { Items: unknown[] }) };
}

/** Resolves when the server has written the text to standard error. */
async function written(server: ServerProcess, text: string): Promise<void> {
  while (!server.stderr().includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('scan-records with a file of several tables', () => {
  it('serves each of them by name, and the first one by default', async () => {
    const file = await write('db.json', '{"Orders":[{"id":"o"}],"Users":[{"id":"u"}],"profile":{"a":1}}');
    const server = startServer([file]);
    await expect(post(server)).resolves.toMatchObject({ status: 200, Items: [{ id: 'o' }] });
    await expect(post(server, { TableName: 'Users' })).resolves.toMatchObject({ Items: [{ id: 'u' }] });
    await expect(post(server, { TableName: 'Other' })).resolves.toMatchObject({ status: 403 });
    expect(server.stderr()).toContain('Serving Orders at ');
    expect(server.stderr()).toContain('  and with {"TableName":"Users"} in the body, by name: Users (1)\n');
    expect(server.stderr()).toContain('"profile" is not a list of items and is not served');
  });

  it('serves only the tables that ALLOWED_TABLES lists', async () => {
    const file = await write('db.json', '{"Orders":[{"id":"o"}],"Users":[{"id":"u"}],"Keys":[{"id":"k"}]}');
    const server = startServer([file], { ALLOWED_TABLES: 'Users' });
    await expect(post(server)).resolves.toMatchObject({ Items: [{ id: 'o' }] });
    await expect(post(server, { TableName: 'Users' })).resolves.toMatchObject({ Items: [{ id: 'u' }] });
    await expect(post(server, { TableName: 'Keys' })).resolves.toMatchObject({ status: 403 });
  });
});

describe('scan-records with an index', () => {
  it('queries the items of the index with all their attributes', async () => {
    const file = await write(
      'a.json',
      '[{"id":"a","day":"mon","time":2},{"id":"b","day":"mon","time":1},{"id":"c","day":"tue","time":1},{"id":"d"}]',
    );
    const server = startServer([file, '--index', 'byDay=day,time']);
    const query = {
      IndexName: 'byDay',
      KeyConditionExpression: '#d = :d',
      ExpressionAttributeNames: { '#d': 'day' },
      ExpressionAttributeValues: { ':d': 'mon' },
    };
    await expect(post(server, query)).resolves.toMatchObject({
      Items: [
        { id: 'b', day: 'mon', time: 1 },
        { id: 'a', day: 'mon', time: 2 },
      ],
    });
    await expect(post(server, { IndexName: 'byDay' })).resolves.toMatchObject({ Items: { length: 3 } });
  });
});

describe('scan-records --mask', () => {
  it('serves masked attributes only', async () => {
    const file = await write('a.json', '[{"id":"a","mail":"ann@example.com","name":"Ann","note":"n"}]');
    const server = startServer([file, '--mask', 'mail=hash', '--mask', 'name=redact', '--mask', 'note=fake']);
    const { Items } = await post(server);
    expect(Items).toEqual([
      {
        id: 'a',
        mail: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        name: 'REDACTED',
        note: expect.stringMatching(/^[a-z]$/) as string,
      },
    ]);
  });

  it.each([
    [
      'redacts the key',
      'id=redact',
      '--mask id=redact: "id" is a key, and redacted keys would all be equal.',
    ],
    [
      'names no attribute',
      'mial=hash',
      'no item has the attribute "mial", which --mask names. Check its spelling.',
    ],
  ])('rejects a mask that %s', async (_what, mask, message) => {
    const file = await write('a.json', '[{"id":"a","mail":"ann@example.com"}]');
    const server = startServer([file, '--mask', mask]);
    await expect(server.exited).resolves.toEqual([1, null]);
    await expect(server.url).rejects.toThrow();
    expect(server.stderr()).toContain(message);
  });
});

describe('scan-records with more items than fit into the memory of Node.js', () => {
  it('says so, and how to get more', async () => {
    const lines = Array.from({ length: 400_000 }, (_, id) => `{"id":${id}}`);
    const file = await write('many.ndjson', lines.join('\n'));
    const server = startServer([file], { NODE_OPTIONS: '--max-old-space-size=100' });
    await expect(server.exited).resolves.toEqual([1, null]);
    await expect(server.url).rejects.toThrow();
    expect(server.stderr()).toContain('Set NODE_OPTIONS=--max-old-space-size=MEGABYTES to a larger number');
  });
});

describe('scan-records --watch', () => {
  it('serves the new items after the file has changed, and the earlier ones while it is invalid', async () => {
    const file = await write('a.json', '[{"id":"a"}]');
    const server = startServer([file, '--watch']);
    await expect(post(server)).resolves.toMatchObject({ Items: [{ id: 'a' }] });

    await writeFile(file, '[{"id":"a"},{"id":');
    await written(server, 'The earlier items are still served.');
    expect(server.stderr()).toContain(`${file}: line 1, column 19: invalid JSON`);
    await expect(post(server)).resolves.toMatchObject({ Items: [{ id: 'a' }] });

    await writeFile(file, '[{"id":"b"},{"id":"c"}]');
    await written(server, 'Read the files again: 2 items in RecordsTable');
    expect((await post(server)).Items).toHaveLength(2);

    // Editors write a new file and replace the old one with it.
    await rename(await write('new.json', '[{"id":"d"}]'), file);
    await written(server, 'Read the files again: 1 item in RecordsTable');
    await expect(post(server)).resolves.toMatchObject({ Items: [{ id: 'd' }] });
    server.signal('SIGTERM');
    await expect(server.exited).resolves.toEqual([0, null]);
  });

  it('notices a change behind a link, and a folder that is replaced', async () => {
    await mkdir(join(folder, 'data'));
    const target = await write('data/a.json', '[{"id":"a"}]');
    const link = join(folder, 'link.json');
    await symlink(target, link);
    const server = startServer([link, '--watch']);
    await server.url;
    await writeFile(target, '[{"id":"b"},{"id":"c"}]');
    await written(server, 'Read the files again: 2 items');
    await rm(join(folder, 'data'), { recursive: true });
    await written(server, `${link}: the file or folder does not exist.`);
    await mkdir(join(folder, 'data'));
    await write('data/a.json', '[{"id":"d"}]');
    await written(server, 'Read the files again: 1 item');
    await expect(post(server)).resolves.toMatchObject({ Items: [{ id: 'd' }] });
  });
});
