/** Starts nginx with the lines of one server block. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describeIf, type RunningServer } from './program';

const NGINX = '/usr/sbin/nginx';

export const describeWithNginx = describeIf(NGINX, ['-v']);

/** nginx listens on a socket file, and a server on any free port forwards connections to it. */
export async function startNginx(serverBlock: string): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'));
  const socket = join(directory, 'nginx.sock');
  await writeFile(join(directory, 'nginx.conf'), configuration(directory, socket, serverBlock));
  const child = spawn(NGINX, ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close');
  const log: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    log.push(line);
    if (line.includes('start worker processes')) break;
  }
  child.stderr.resume();
  if (child.exitCode !== null) throw new Error(log.join('\n'));
  const forwarder = createServer((client) => {
    const upstream = connect(socket);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  forwarder.listen(0, '127.0.0.1');
  await once(forwarder, 'listening');
  return {
    origin: `http://127.0.0.1:${(forwarder.address() as AddressInfo).port}`,
    close: async () => {
      child.kill('SIGTERM');
      await closed;
      forwarder.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configuration(directory: string, socket: string, serverBlock: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${directory}/${name};`,
  );
  return `daemon off;
worker_processes 1;
error_log stderr notice;
pid ${directory}/nginx.pid;
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  server {
    listen unix:${socket};
    root ${directory};
    ${serverBlock}
  }
}
`;
}
