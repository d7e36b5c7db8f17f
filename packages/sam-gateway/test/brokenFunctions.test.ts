import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FUNCTION, proxied, rawTemplate } from '../../../test/helpers/gateway';
import { listen } from '../../../test/helpers/listen';
import { startProcess, type GatewayProcess } from './gatewayProcess';

/** Each function has the path of its name, and its code in a directory of that name. */
function template(functions: Record<string, string>): string {
  const declarations = Object.entries(functions).map(
    ([name, more]) => `
  ${name}:
    Type: AWS::Serverless::Function
    ${more.startsWith('Metadata') ? more : ''}
    Properties:
      CodeUri: ${name}
      Handler: index.handler
      Runtime: nodejs20.x
      Timeout: ${more.startsWith('Timeout') ? more.slice(9) : '2'}
      Events:
        Get: { Type: Api, Properties: { Path: /${name}, Method: get } }`,
  );
  return `Transform: AWS::Serverless-2016-10-31\nResources:${declarations.join('')}\n`;
}

const ESBUILD = 'Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [index.js] } }';

const BROKEN = {
  MissingFolder: '',
  SyntaxError: '',
  CrashAtLoad: '',
  CrashInRequest: '',
  RejectedPromise: '',
  EndlessLoop: 'Timeout: 1',
  LoopAtLoad: '',
  SpawnError: '',
  BuildError: ESBUILD,
  OtherRuntime: '',
};

const CODE = {
  'Works/index.js': `exports.handler = async () => ({ statusCode: 200, body: 'works' })`,
  'SyntaxError/index.js': `exports.handler = async () => {`,
  'CrashAtLoad/index.js': `throw new Error('no such setting')`,
  'CrashInRequest/index.js': `exports.handler = () => new Promise(() => setTimeout(() => { throw new Error('thrown later') }, 1))`,
  'RejectedPromise/index.js': `exports.handler = () => new Promise((resolve) => { setTimeout(resolve, 1000); Promise.reject(new Error('rejected later')) })`,
  'EndlessLoop/index.js': `exports.handler = async () => { for (;;); }`,
  'LoopAtLoad/index.js': `for (;;);`,
  'SpawnError/index.js': `exports.handler = async () => ({ statusCode: 200 })`,
  'BuildError/index.js': `import './not-there'; export const handler = async () => {`,
  'OtherRuntime/index.py': `def handler(event, context): return {}`,
};

let gateway: GatewayProcess;

afterEach(async () => {
  await gateway.remove();
});

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}

describe('a gateway with a broken function of each kind', () => {
  it('serves the other functions, logs what to do, and ends on the first SIGTERM', async () => {
    const text = template({ Works: '', ...BROKEN, Hangs: 'Timeout: 60', Streams: '' });
    gateway = await startProcess({
      ...CODE,
      'Hangs/index.js': `exports.handler = async () => { console.log('hangs'); for (;;); }`,
      'template.yaml': text.replace(
        /CodeUri: OtherRuntime(\s+)Handler: index.handler(\s+)Runtime: nodejs20.x/,
        'CodeUri: OtherRuntime$1Handler: index.handler$2Runtime: python3.12',
      ),
    });
    const url = await gateway.listening();
    await rm(join(gateway.directory, 'SpawnError'), { recursive: true });

    const statuses = await Promise.all(
      Object.keys(BROKEN).map(async (name) => {
        const statuses = await Promise.all([statusOf(`${url}/${name}`), statusOf(`${url}/Works`)]);
        return [name, statuses];
      }),
    );
    expect(statuses).toEqual(Object.keys(BROKEN).map((name) => [name, [502, 200]]));

    const { stdout, stderr } = gateway.output;
    expect(stdout).toContain('MissingFolder does not exist: build the code, or correct its path');
    expect(stdout).toContain('BuildError: its routes return 502: esbuild: Build failed with');
    expect(stdout).toContain(
      'OtherRuntime: its routes return 502: runtime python3.12 is not supported, only nodejs',
    );
    for (const reason of [
      'MissingFolder does not exist',
      'Runtime.UserCodeSyntaxError: Unexpected end of input',
      'SyntaxError/index.js:1',
      'no such setting',
      'thrown later',
      'rejected later',
      'Task timed out after 1 seconds',
      'loading took longer than 10 seconds',
      'Runtime.SpawnError',
    ]) {
      expect(stderr).toContain(reason);
    }

    // Two functions hang, and a connection is kept alive.
    const agent = new Agent({ keepAlive: true });
    const [kept] = (await once(get(`${url}/Works`, { agent }), 'response')) as [IncomingMessage];
    kept.resume();
    const hanging = fetch(`${url}/Hangs`).catch(() => 'aborted');
    while (!gateway.output.stderr.includes('hangs'))
      await once(gateway.child.stderr ?? process.stderr, 'data');
    expect(await gateway.terminate()).toEqual([0, null]);
    expect(await hanging).toBe('aborted');
    agent.destroy();
    expect(await gateway.leftovers()).toEqual([]);
    // The function that never finishes to load takes 10 seconds.
  }, 90_000);

  it('serves a function that is repaired while the gateway runs', async () => {
    gateway = await startProcess({ 'template.yaml': template({ Works: ESBUILD }), 'Works/other.js': '' });
    const url = await gateway.listening();
    expect(await statusOf(`${url}/Works`)).toBe(502);
    const file = await open(join(gateway.directory, 'Works/index.js'), 'w');
    await file.writeFile(CODE['Works/index.js']);
    await file.close();
    expect(await statusOf(`${url}/Works`)).toBe(200);
  });
});

describe('a gateway that receives SIGTERM', () => {
  it('ends while esbuild waits for a source file', async () => {
    const files = { 'template.yaml': template({ Works: ESBUILD }), 'Works/other.js': '' };
    gateway = await startProcess(files, {
      prepare: (directory) => promisify(execFile)('mkfifo', [join(directory, 'Works/index.js')]),
    });
    // Opens when esbuild opens the other end.
    const writer = await open(join(gateway.directory, 'Works/index.js'), 'w');
    try {
      expect(await gateway.terminate()).toEqual([0, null]);
      expect(gateway.output.stdout).toBe('');
      expect(await gateway.leftovers()).toEqual([]);
    } finally {
      await writer.close();
    }
  });

  it('ends although a function has started a process that keeps its output open', async () => {
    const code = `exports.handler = async () => {
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true });
      return { statusCode: 200, body: String(child.pid) };
    }`;
    gateway = await startProcess({ 'template.yaml': template({ Works: '' }), 'Works/index.js': code });
    const url = await gateway.listening();
    const pid = Number(await (await fetch(`${url}/Works`)).text());
    try {
      expect(await gateway.terminate()).toEqual([0, null]);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  it('ends while a response streams', async () => {
    const code = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      awslambda.HttpResponseStream.from(stream, { statusCode: 200 }).write('first');
      await new Promise(() => setInterval(() => {}, 1000));
    })`;
    const text = rawTemplate(proxied('GET', ', ResponseTransferMode: STREAM'), FUNCTION);
    gateway = await startProcess({ 'template.yaml': text, 'index.js': code });
    const url = await gateway.listening();
    const response = await fetch(`${url}/thing`);
    expect(response.status).toBe(200);
    expect(await gateway.terminate()).toEqual([0, null]);
    await expect(response.text()).rejects.toThrow();
  });
});

describe('a gateway whose output has no reader', () => {
  it('keeps serving and ends on SIGTERM', async () => {
    const code = `exports.handler = async () => { console.log('a line'); return { statusCode: 200 } }`;
    gateway = await startProcess({ 'template.yaml': template({ Works: '' }), 'Works/index.js': code });
    const url = await gateway.listening();
    gateway.child.stdout?.destroy();
    gateway.child.stderr?.destroy();
    expect([await statusOf(`${url}/Works`), await statusOf(`${url}/Works`)]).toEqual([200, 200]);
    expect(await gateway.terminate()).toEqual([0, null]);
    expect(await gateway.leftovers()).toEqual([]);
  });
});

describe('a gateway that cannot start', () => {
  it('leaves no files behind', async () => {
    const { port, close } = await listen(createServer());
    try {
      const files = {
        'template.yaml': template({ Works: ESBUILD }),
        'Works/index.js': CODE['Works/index.js'],
      };
      gateway = await startProcess(files, { port });
      expect(await gateway.exited).toEqual([1, null]);
    } finally {
      await close();
    }
    expect(gateway.output.stderr).toContain('Choose another port with --port.');
    expect(await gateway.leftovers()).toEqual([]);
  });
});

describe('a gateway that starts', () => {
  it('deletes the files of a gateway that was killed, and leaves those of running ones', async () => {
    const exited = spawnSync(process.execPath, ['-e', '']).pid;
    const names = [exited, process.pid].map((pid) => `sam-gateway-${hostname()}-${pid}-abc`);
    const files = { 'template.yaml': template({ Works: '' }), 'Works/index.js': CODE['Works/index.js'] };
    gateway = await startProcess({
      ...files,
      ...Object.fromEntries(names.map((name) => [`tmp/${name}/code/index.js`, ''])),
    });
    await gateway.listening();
    expect(await gateway.terminate()).toEqual([0, null]);
    expect(await gateway.leftovers()).toEqual([names[1]]);
  });
});
