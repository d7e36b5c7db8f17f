/** Examines a broken server, applies the fix of the doctor, and examines it again. */
import type { PageCall } from '../../src/diagnosis';
import { examine, type Examination } from '../../src/examine';
import { createTransport } from '../../src/http';
import type { RunningServer } from '../servers/program';

export const ORIGIN = 'http://localhost:5173';

const CALL: Omit<PageCall, 'url'> = {
  origin: ORIGIN,
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: '{}',
  credentials: 'same-origin',
  reads: [],
};

export function examined(url: string, call: Partial<PageCall> = {}): Promise<Examination> {
  return examine({ ...CALL, url, ...call }, createTransport(), { oversized: false });
}

/** Starts the server with the lines of a fix in their place, or without them. */
export type Start = (lines: readonly string[]) => Promise<RunningServer>;

export interface FixCase {
  start: Start;
  path?: string;
  call?: Partial<PageCall>;
}

/** What the doctor says before the fix, and after it. */
export interface Outcome {
  before: string;
  cause: string | undefined;
  after: string;
}

/** The outcome if the fix for this cause ends the failure. */
export function fixed(cause: string): Outcome {
  return { before: 'blocked', cause, after: 'allowed' };
}

/** Applies the lines of the fix to the server. */
export async function applyToServer({ start, path, call }: FixCase): Promise<Outcome> {
  const before = await examinedServer(start, [], path, call);
  const [cause] = before.findings;
  const after = await examinedServer(start, cause?.fix.lines ?? [], path, call);
  return outcome(before, after);
}

/** Calls the server in the way that the fix says. */
export async function applyToWebPage({ start, path = '/items', call = {} }: FixCase): Promise<Outcome> {
  const server = await start([]);
  try {
    const before = await examined(`${server.origin}${path}`, call);
    const line = before.findings[0]?.fix.lines[0] ?? '';
    const { url, method } = /^fetch\('(?<url>[^']+)', \{ method: '(?<method>\w+)'/.exec(line)?.groups ?? {};
    if (url === undefined || method === undefined) throw new Error(`no call of fetch in ${line}`);
    return outcome(before, await examined(url, { ...call, method }));
  } finally {
    await server.close();
  }
}

function outcome(before: Examination, after: Examination): Outcome {
  const { verdict, error } = after.diagnosis;
  return {
    before: before.diagnosis.verdict,
    cause: before.findings[0]?.ruleId,
    after: error === undefined ? verdict : error.words,
  };
}

export async function examinedServer(
  start: Start,
  lines: readonly string[],
  path = '/items',
  call: Partial<PageCall> = {},
): Promise<Examination> {
  const server = await start(lines);
  try {
    return await examined(`${server.origin}${path}`, call);
  } finally {
    await server.close();
  }
}
