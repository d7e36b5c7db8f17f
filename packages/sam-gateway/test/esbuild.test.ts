import { startGateway, type TestGateway } from '../../../test/helpers/gateway';
import { esbuildOptions } from '../src/lambda/esbuildOptions';

describe('esbuildOptions', () => {
  it('has the defaults of sam build', () => {
    expect(esbuildOptions({ EntryPoints: ['app.ts'], UseNpmCi: true })).toEqual({
      format: 'cjs',
      minify: true,
      target: 'es2020',
    });
  });

  it.each([
    ['Format', 'esm', { format: 'esm' }],
    ['Target', 'es2022', { target: ['es2022'] }],
    ['Target', 'es2020,node20', { target: ['es2020', 'node20'] }],
    ['Minify', false, { minify: false }],
    ['Minify', 'false', { minify: false }],
    ['KeepNames', true, { keepNames: true }],
    ['Sourcemap', true, { sourcemap: true }],
    ['Sourcemap', 'inline', { sourcemap: 'inline' }],
    ['SourcesContent', 'false', { sourcesContent: false }],
    ['MainFields', 'module,main', { mainFields: ['module', 'main'] }],
    ['External', ['sharp', '@aws-sdk/*'], { external: ['sharp', '@aws-sdk/*'] }],
    ['OutExtension', ['.js=.mjs'], { outExtension: { '.js': '.mjs' } }],
    ['Loader', ['.html=text', '.png=dataurl'], { loader: { '.html': 'text', '.png': 'dataurl' } }],
    ['Define', ['A="b=c"'], { define: { A: '"b=c"' } }],
    ['Banner', ['js=// first; a=b'], { banner: { js: '// first; a=b' } }],
    ['Footer', { js: '// last' }, { footer: { js: '// last' } }],
    ['TreeShaking', true, { treeShaking: true }],
  ])('converts %s: %j', (name, value, expected) => {
    expect(esbuildOptions({ [name]: value })).toMatchObject(expected);
  });
});

let gateway: TestGateway;

/** Starts a gateway for one function at /get whose sources are in `src`. */
async function serve(files: Record<string, string>, buildProperties: string): Promise<void> {
  const template = `
Resources:
  Function:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { ${buildProperties} } }
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: nodejs20.x
      Timeout: 10
      Events: { Get: { Type: Api, Properties: { Path: /get, Method: get } } }`;
  gateway = await startGateway(template, { files });
}

async function respond(): Promise<[number, string]> {
  const response = await fetch(`${gateway.url}/get`);
  return [response.status, await response.text()];
}

describe('a function that esbuild builds', () => {
  afterEach(async () => {
    await gateway.close();
  });

  it('can be an ES module with top-level await, a banner and a footer', async () => {
    const code = `
      const name: string = await Promise.resolve('module');
      const { basename } = require('node:path');
      export const handler = async () => ({ body: [name, basename(import.meta.url), (globalThis as any).last].join() });`;
    await serve(
      { 'src/app.ts': code },
      `EntryPoints: [app.ts], Format: esm, OutExtension: [.js=.mjs], Target: es2022,
        Banner: ["js=import { createRequire } from 'module'; const require = createRequire(import.meta.url);"],
        Footer: [js=globalThis.last = 'footer';]`,
    );
    expect(await respond()).toEqual([200, 'module,app.mjs,footer']);
  });

  it('has the constants of Define, the files of Loader, and the names that KeepNames keeps', async () => {
    const code = `
      import page from './page.html';
      declare const STAGE: string;
      function longName() {}
      export const handler = async () => ({ body: [STAGE, page, longName.name].join() });`;
    await serve(
      { 'src/app.ts': code, 'src/page.html': '<p>' },
      `EntryPoints: [app.ts], Define: ['STAGE="dev"'], Loader: [.html=text], KeepNames: true`,
    );
    expect(await respond()).toEqual([200, 'dev,<p>,longName']);
  });

  it.each([
    ['CommonJS', 'Format: cjs'],
    ['ES modules', 'Format: esm, OutExtension: [.js=.mjs]'],
  ])('finds an External package in its own node_modules with %s', async (_what, format) => {
    const files = {
      'src/app.js': `import name from 'native'; export const handler = async () => ({ body: name })`,
      'src/node_modules/native/index.js': `module.exports = 'installed'`,
    };
    await serve(files, `EntryPoints: [app.js], External: [native], ${format}`);
    expect(await respond()).toEqual([200, 'installed']);
  });

  it('can name its entry point without an extension', async () => {
    await serve({ 'src/app.ts': `export const handler = async () => ({ body: '1' })` }, 'EntryPoints: [app]');
    expect(await respond()).toEqual([200, '1']);
  });

  it.each([
    [
      'an unknown property',
      'EntryPoints: [app.ts], Formatt: esm',
      'Invalid option in build() call: "formatt"',
    ],
    ['no entry point', 'Format: esm', 'Metadata has no BuildProperties.EntryPoints'],
    ['an entry point that does not exist', 'EntryPoints: [other.ts]', 'Could not resolve'],
    ['a package that is not installed', 'EntryPoints: [missing.ts]', 'Could not resolve "not-installed"'],
  ])('causes a 502 with %s', async (_what, buildProperties, reason) => {
    await serve({ 'src/app.ts': '', 'src/missing.ts': `import 'not-installed'` }, buildProperties);
    expect(gateway.notes.join('\n')).toContain(reason);
    expect((await respond())[0]).toBe(502);
    expect(gateway.log.join('\n')).toContain(reason);
  });

  it('causes a 502 without entry points, although its sources have the handler', async () => {
    await serve({ 'src/app.js': 'exports.handler = async () => ({})' }, 'EntryPoints: []');
    expect(gateway.notes.join('\n')).toContain('Metadata has no BuildProperties.EntryPoints');
    expect((await respond())[0]).toBe(502);
  });
});
