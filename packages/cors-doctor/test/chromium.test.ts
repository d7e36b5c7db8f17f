/** Compares the doctor's verdict on every case with the behavior of Chromium. */
import { describeWithChromium } from '../../../test/helpers/describeWithChromium';
import type { Browser } from 'playwright-core';
import { REASONS } from '../src/corsErrors';
import type { Diagnosis } from '../src/diagnosis';
import { createTransport } from '../src/http';
import { diagnose } from '../src/verdict/diagnose';
import { launchChromium } from '../../../test/helpers/chromium';
import { serveCases, type Case, type Line, type Servers } from './cases/case';
import { BROWSER_HEADER_CASES, CALL_CASES } from './cases/requests';
import { RAW_CONNECTION_CASES } from './cases/rawConnections';
import { RAW_HEADER_CASES } from './cases/rawHeaderLines';
import { RAW_STATUS_LINE_CASES } from './cases/rawStatusLines';
import { EXPOSE_CASES, SAME_ORIGIN_CASES } from './cases/exposedHeaders';
import { HEADER_CASES, WILDCARD_AUTHORIZATION_CASES } from './cases/allowedHeaders';
import { METHOD_CASES } from './cases/allowedMethods';
import { CREDENTIALS_CASES, NULL_ORIGIN_CASES, ORIGIN_CASES } from './cases/allowedOrigin';
import { REDIRECT_CASES } from './cases/redirects';
import { REDIRECT_ERROR_CASES } from './cases/redirectErrors';
import { RESPONSE_STATUS_CASES, STATUS_CASES } from './cases/statuses';
import { callFromPage, type PageObservation } from './chromiumCalls';

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'the allowed origin': ORIGIN_CASES,
  'allowed credentials': CREDENTIALS_CASES,
  'a sandboxed page': NULL_ORIGIN_CASES,
  'the status of a preflight': STATUS_CASES,
  'the status of a response': RESPONSE_STATUS_CASES,
  'allowed methods': METHOD_CASES,
  'allowed headers': HEADER_CASES,
  'requests without a preflight': CALL_CASES,
  'exposed headers': EXPOSE_CASES,
  'requests to the same origin': SAME_ORIGIN_CASES,
  redirects: REDIRECT_CASES,
  'failed redirects': REDIRECT_ERROR_CASES,
  'Authorization allowed by *': WILDCARD_AUTHORIZATION_CASES,
  'client hints and User-Agent': BROWSER_HEADER_CASES,
  'raw status lines': RAW_STATUS_LINE_CASES,
  'raw header lines': RAW_HEADER_CASES,
  'raw connections': RAW_CONNECTION_CASES,
};

const ALL = Object.values(CASES).flat();

const MAX_PARALLEL_CASES = 20;

/** The values that are compared. `sent` contains the requests that the servers received. */
interface Outcome {
  allowed: boolean;
  error: string | undefined;
  words: string | undefined;
  exposed: readonly string[];
  sent: readonly Line[];
}

describeWithChromium('the verdict compared with Chromium', () => {
  const outcomes = new Map<Case, { chromium: Outcome; doctor: Outcome }>();

  beforeAll(async () => {
    const servers = await serveCases(ALL);
    const browser = await launchChromium();
    try {
      const doctor = await diagnoseAll(servers);
      const chromium = await callAll(browser, servers);
      for (const one of ALL) {
        const [ours, theirs] = [doctor.get(one), chromium.get(one)];
        if (ours !== undefined && theirs !== undefined) outcomes.set(one, { chromium: theirs, doctor: ours });
      }
    } finally {
      await browser.close();
      await servers.close();
    }
  }, 300_000);

  it('covers at least 300 cases with unique names', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
    expect(outcomes.size).toBeGreaterThanOrEqual(300);
  });

  it('covers every CORS error that can occur between servers on this machine', () => {
    const covered = new Set([...outcomes.values()].map(({ chromium }) => chromium.error));
    const missing = Object.keys(REASONS).filter((name) => !covered.has(name));
    // These need other request modes, or servers on other networks.
    expect(missing).toEqual([
      'DisallowedByMode',
      'InvalidResponse',
      'InsecureLocalNetwork',
      'InvalidLocalNetworkAccess',
      'LocalNetworkAccessPermissionDenied',
    ]);
  });

  describe.each(Object.entries(CASES))('is the same for %s', (_, cases) => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const { chromium, doctor } = outcomeWith(one);
      // In a failure message, "expected" is Chromium and "received" is the doctor.
      expect(doctor).toEqual(chromium);
    });
  });

  function outcomeWith(one: Case) {
    const outcome = outcomes.get(one);
    if (outcome === undefined) throw new Error(`There is no outcome for the case "${one.name}".`);
    return outcome;
  }

  async function diagnoseAll(servers: Servers): Promise<Map<Case, Outcome>> {
    const transport = createTransport();
    const all = new Map<Case, Outcome>();
    const examine = async (one: Case) => {
      const diagnosis = await diagnose(servers.callOf(one), transport);
      all.set(one, { ...outcomeOf(diagnosis), sent: servers.takeLines(one) });
    };
    for (let at = 0; at < ALL.length; at += MAX_PARALLEL_CASES) {
      await Promise.all(ALL.slice(at, at + MAX_PARALLEL_CASES).map(examine));
    }
    return all;
  }

  async function callAll(browser: Browser, servers: Servers): Promise<Map<Case, Outcome>> {
    const all = new Map<Case, Outcome>();
    for (const kind of ['page', 'sandboxed'] as const) {
      const cases = ALL.filter(({ page = 'page' }) => page === kind);
      const url = `${servers.origins.page}/${kind === 'page' ? '' : kind}`;
      const observations = await callFromPage(browser, url, cases.map(servers.callOf), keyOf);
      cases.forEach((one, index) => {
        const observation = observations[index];
        if (observation !== undefined)
          all.set(one, { ...outcomeInChromium(observation), sent: servers.takeLines(one) });
      });
    }
    return all;
  }
});

/** Returns the number of the case. */
function keyOf(url: string): string {
  return /^http:\/\/[^/]*\/(\d+)\//.exec(url)?.[1] ?? '';
}

function outcomeOf({ verdict, error, exposed }: Diagnosis): Omit<Outcome, 'sent'> {
  return { allowed: verdict === 'allowed', error: error?.name, words: error?.words, exposed };
}

function outcomeInChromium({ exposed, corsError, words }: PageObservation): Omit<Outcome, 'sent'> {
  return { allowed: exposed !== undefined, error: corsError, words, exposed: exposed ?? [] };
}
