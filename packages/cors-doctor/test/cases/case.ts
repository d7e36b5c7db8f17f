/** Test servers for the cases: the path of a request selects the case and its behavior. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Header, PageCall } from '../../src/diagnosis';
import { listen } from '../../../../test/helpers/listen';

/** A response. In header values, `{origin}`, `{page}`, `{server}` and `{third}` are replaced with origins. */
export interface Behavior {
  status?: number;
  headers?: readonly Header[];
  /** Replaces the response: one character per byte. The connection closes after it. */
  raw?: string;
  /** Whether the connection is reset after `raw`. */
  reset?: boolean;
}

/** The responses of one path to preflights and to other requests. */
export interface Place {
  preflight?: Behavior;
  response?: Behavior;
}

/** One request and the servers' behavior. After a redirect to `{server}/1`, `places[1]` responds, and so on. */
export interface Case {
  name: string;
  page?: 'page' | 'sandboxed';
  to?: 'page' | 'server' | 'third';
  call?: Partial<Pick<PageCall, 'method' | 'headers' | 'body' | 'credentials'>>;
  /** Appended to the path of the case. */
  search?: string;
  /** Replaces the URL of the case. */
  url?: string;
  places: readonly Place[];
}

/** A received request as text, with its headers. They are sorted if the web page sets some, which browsers mix in. */
export type Line = string;

export interface Servers {
  origins: { page: string; server: string; third: string };
  callOf: (one: Case) => PageCall;
  /** Returns and forgets the requests received for a case. */
  takeLines: (one: Case) => Line[];
  close: () => Promise<void>;
}

/** Serves the cases on the origin of the web page and on two other origins. */
export async function serveCases(cases: readonly Case[]): Promise<Servers> {
  const lines = new Map<string, Line[]>();
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const [, number = '', place = ''] = /^\/(\d+)\/(\d+)/.exec(request.url ?? '') ?? [];
    if (number === '') return servePage(request, response);
    lines.set(
      number,
      withoutRepetition([...(lines.get(number) ?? []), lineOf(request, cases[Number(number)])]),
    );
    const { preflight, response: actual } = cases[Number(number)]?.places[Number(place)] ?? {};
    const isPreflight = request.headers['access-control-request-method'] !== undefined;
    const behavior = (isPreflight ? preflight : actual) ?? {};
    if (behavior.raw !== undefined) {
      sendRaw(request.socket, fill(behavior.raw, number, origins), behavior.reset);
      return undefined;
    }
    const { status = 200, headers = [] } = behavior;
    const filled = headers.map(([name, value]): Header => [name, fill(value, number, origins)]);
    response.sendDate = false;
    // Without it, Node.js adds a `Keep-Alive` header for some clients only.
    response.writeHead(status, [...filled, ['Connection', 'close'] as const].flat());
    return response.end();
  };
  const [own, other] = [await listen(createServer(handle)), await listen(createServer(handle))];
  const origins = {
    page: `http://127.0.0.1:${own.port}`,
    server: `http://127.0.0.1:${other.port}`,
    third: `http://localhost:${other.port}`,
  };
  const numberOf = (one: Case) => String(cases.indexOf(one));
  return {
    origins,
    callOf: (one) => {
      const { to = 'server', page = 'page', search = '', call = {} } = one;
      const url = one.url ?? `${origins[to]}/${numberOf(one)}/0${search}`;
      return {
        method: 'GET',
        headers: [],
        body: undefined,
        credentials: 'same-origin',
        reads: [],
        ...call,
        url,
        origin: page === 'sandboxed' ? 'null' : origins.page,
      };
    },
    takeLines: (one) => {
      const taken = lines.get(numberOf(one)) ?? [];
      lines.delete(numberOf(one));
      return taken;
    },
    close: async () => {
      await Promise.all([own.close(), other.close()]);
    },
  };

  /** Replaces `{server}/1` with the next path of the case, and `{origin}` with the web page's origin or `null`. */
  function fill(value: string, number: string, { page, server, third }: Servers['origins']): string {
    const isSandboxed = cases[Number(number)]?.page === 'sandboxed';
    return value
      .replaceAll('{origin}', isSandboxed ? 'null' : page)
      .replace(/\{(?:page|server|third|here)\}\/(?=\d)/g, (prefix) => `${prefix}${number}/`)
      .replaceAll('{page}', page)
      .replaceAll('{server}', server)
      .replaceAll('{third}', third)
      .replaceAll('{here}', '')
      .replaceAll('{port}', new URL(server).port);
  }
}

/** Bypasses the HTTP library. */
function sendRaw(socket: Socket, raw: string, reset = false): void {
  if (!reset) socket.end(raw, 'latin1');
  else if (raw === '') socket.resetAndDestroy();
  else socket.write(raw, 'latin1', () => socket.resetAndDestroy());
}

function servePage({ url }: IncomingMessage, response: ServerResponse) {
  if (url === '/sandboxed') response.setHeader('Content-Security-Policy', 'sandbox allow-scripts');
  response.setHeader('Content-Type', 'text/html');
  return response.end('<!doctype html><link rel="icon" href="data:,"><title>A front end</title>');
}

/** Chromium sends a request again when its connection closes early, and after the status 421. */
function withoutRepetition(lines: readonly Line[]): Line[] {
  return lines.filter((line, index) => line !== lines[index - 1]);
}

/** Their values name the version of the browser and the operating system. */
const VERSIONED_HEADERS: readonly string[] = ['user-agent', 'sec-ch-ua', 'sec-ch-ua-platform'];

function lineOf({ method = '', url = '', rawHeaders }: IncomingMessage, one: Case | undefined): Line {
  const headers = rawHeaders.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const lowerCase = name.toLowerCase();
    return VERSIONED_HEADERS.includes(lowerCase) ? lowerCase : `${lowerCase}: ${rawHeaders[index + 1] ?? ''}`;
  });
  const { headers: set = [], body } = one?.call ?? {};
  const isMixed = set.length > 0 || body !== undefined;
  return [`${method} ${url}`, ...(isMixed ? headers.sort() : headers)].join('\n');
}
