/** Reading the files that a template includes from a directory. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apisOf, loadTemplate, localFiles, resolveTemplate } from '../src';

const DEPLOYMENT = { parameters: {}, region: 'us-east-1', accountId: '123456789012' };

const nest = (location: string) => `
Resources:
  Shop: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${location} } }
`;

const SHOP = `
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { BodyS3Location: api.yaml } }
`;

const DEFINITION = `
swagger: '2.0'
info: { title: shop, version: '1' }
paths: { /items: { get: { x-amazon-apigateway-integration: { type: mock } } } }
`;

async function inDirectory(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'local-files-'));
  try {
    await mkdir(join(directory, 'app'));
    await test(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Returns the paths and what is not examined of the template in `app`. */
async function examine(directory: string, location: string): Promise<string[]> {
  const template = await loadTemplate(nest(location), localFiles(join(directory, 'app')));
  const { apis, notExamined } = apisOf(resolveTemplate(template, DEPLOYMENT));
  return [...apis.flatMap(({ methods }) => methods), ...notExamined].map((found) =>
    'path' in found ? found.path : `${found.logicalId}: ${found.message}`,
  );
}

it('reads files outside of the directory, relative to the template that names them', async () => {
  await inDirectory(async (directory) => {
    await mkdir(join(directory, 'shop'));
    await writeFile(join(directory, 'shop/template.yaml'), SHOP);
    await writeFile(join(directory, 'shop/api.yaml'), DEFINITION);
    expect(await examine(directory, '../shop/template.yaml')).toEqual(['/items']);
    expect(await examine(directory, join(directory, 'shop/template.yaml'))).toEqual(['/items']);
  });
});

const ITSELF = 'is not examined: it contains itself';

it.each([
  ['of its directory', '.', 'loop'],
  ['of its file', 'template.yaml', 'other.yaml'],
])('reports a template that contains itself through a symbolic link %s', async (_what, target, link) => {
  await inDirectory(async (directory) => {
    const location = link === 'loop' ? 'loop/template.yaml' : link;
    await writeFile(join(directory, 'app/template.yaml'), nest(location));
    await symlink(target, join(directory, 'app', link));
    const found = await examine(directory, location);
    expect(found).toHaveLength(1);
    expect(found.join()).toContain(ITSELF);
  });
});

it.each([
  ['a directory', (path: string) => mkdir(path), 'it is a directory'],
  ['a pipe', (path: string) => promisify(execFile)('mkfifo', [path]), 'it is not a regular file'],
  ['a device', (path: string) => symlink('/dev/zero', path), 'it is not a regular file'],
  ['a link to itself', (path: string) => symlink(path, path), 'its symbolic links form a loop'],
  ['a missing file', () => Promise.resolve(), 'it does not exist'],
  [
    'a file that is too large',
    (path: string) => writeFile(path, '').then(() => truncate(path, 7 * 1024 * 1024)),
    'it is larger than 6 MB',
  ],
])('does not read %s', async (_what, create: (path: string) => Promise<unknown>, reason) => {
  await inDirectory(async (directory) => {
    await create(join(directory, 'app/shop.yaml'));
    expect(await examine(directory, 'shop.yaml')).toEqual([
      `Shop: its template shop.yaml is not examined: ${reason}`,
    ]);
  });
});
