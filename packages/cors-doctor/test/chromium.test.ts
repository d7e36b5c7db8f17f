/** The verdict on every case is what Chromium does with it. */
import type { Browser } from 'playwright-core';
import { REASONS } from '../src/corsErrors';
import type { Diagnosis } from '../src/diagnosis';
import { createTransport } from '../src/http';
import { diagnose } from '../src/verdict/diagnose';
import { expectsChromium, launchChromium } from '../../../test/helpers/chromium';
import { serveCases, type Case, type Line, type Servers } from './behaviours';
import { CALL_CASES, CLIENT_HINT_CASES, USER_AGENT_CASES } from './behavioursCall';
import { EXPOSE_CASES, SAME_ORIGIN_CASES } from './behavioursExpose';
import { HEADER_CASES, WILDCARD_AUTHORIZATION_CASES } from './behavioursHeader';
import { METHOD_CASES } from './behavioursMethod';
import { CREDENTIALS_CASES, NULL_ORIGIN_CASES, ORIGIN_CASES } from './behavioursOrigin';
import { REDIRECT_CASES } from './behavioursRedirect';
import { REDIRECT_FAULT_CASES } from './behavioursRedirectFault';
import { ANSWER_STATUS_CASES, STATUS_CASES } from './behavioursStatus';
import { callFromPage, type Seen } from './chromiumCalls';

const describeWithChromium = expectsChromium ? describe : describe.skip;

const AGREED: Readonly<Record<string, readonly Case[]>> = {
  'the allowed origin': ORIGIN_CASES,
  'allowed credentials': CREDENTIALS_CASES,
  'a sandboxed page': NULL_ORIGIN_CASES,
  'the status of a preflight': STATUS_CASES,
  'the status of an answer': ANSWER_STATUS_CASES,
  'allowed methods': METHOD_CASES,
  'allowed headers': HEADER_CASES,
  'what may be sent unasked': CALL_CASES,
  'exposed headers': EXPOSE_CASES,
  'the own origin': SAME_ORIGIN_CASES,
  redirects: REDIRECT_CASES,
  'redirects to nowhere': REDIRECT_FAULT_CASES,
};

/** Where Chromium departs from the Fetch standard, or adds to it, and the verdict does not follow it. */
const DIFFERENT: readonly [reason: string, cases: readonly Case[]][] = [
  [
    // https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    'Chromium still lets * cover Authorization, and warns; by the standard it has to be named',
    WILDCARD_AUTHORIZATION_CASES,
  ],
  [
    // https://wicg.github.io/client-hints-infrastructure/#cors-safelist
    'Chromium safelists client hints, by a standard of their own; the Fetch standard does not list them',
    CLIENT_HINT_CASES,
  ],
  [
    // https://fetch.spec.whatwg.org/#forbidden-request-header does not list it: https://crbug.com/571722
    'Chromium drops User-Agent; by the standard a page can set it, and needs leave for it',
    USER_AGENT_CASES,
  ],
];

const ALL = [...Object.values(AGREED), ...DIFFERENT.map(([, cases]) => cases)].flat();

/** What is compared: the outcome, its name and words, what can be read, and what went over the wire. */
interface Outcome {
  allowed: boolean;
  error: string | undefined;
  words: string | undefined;
  exposed: readonly string[];
  sent: readonly Line[];
}

describeWithChromium('the verdict, beside Chromium', () => {
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
  }, 120_000);

  it('is given on at least 300 cases, each with a name of its own', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
    expect(outcomes.size).toBeGreaterThanOrEqual(300);
  });

  it('is given on cases of every error that a fetch can end in here', () => {
    const met = new Set([...outcomes.values()].map(({ chromium }) => chromium.error));
    const notMet = Object.keys(REASONS).filter((name) => !met.has(name));
    // Modes that are not 'cors', and networks that are not this machine.
    expect(notMet).toEqual([
      'DisallowedByMode',
      'InvalidResponse',
      'InsecureLocalNetwork',
      'InvalidLocalNetworkAccess',
      'LocalNetworkAccessPermissionDenied',
    ]);
  });

  describe.each(Object.entries(AGREED))('is the same: %s', (_, cases) => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const { chromium, doctor } = outcomeWith(one);
      // Expected is what Chromium did, received what the verdict says.
      expect(doctor).toEqual(chromium);
    });
  });

  describe.each(DIFFERENT)('differs: %s', (_, cases) => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const { chromium, doctor } = outcomeWith(one);
      expect([chromium.allowed, doctor.allowed]).toEqual([true, false]);
    });
  });

  function outcomeWith(one: Case) {
    const outcome = outcomes.get(one);
    if (outcome === undefined) throw new Error(`Nobody made the call of ${one.name}.`);
    return outcome;
  }

  async function diagnoseAll(servers: Servers): Promise<Map<Case, Outcome>> {
    const transport = createTransport();
    const all = new Map<Case, Outcome>();
    for (const one of ALL) {
      const diagnosis = await diagnose(servers.callOf(one), transport);
      all.set(one, { ...outcomeOf(diagnosis), sent: servers.takeLines(one) });
    }
    return all;
  }

  async function callAll(browser: Browser, servers: Servers): Promise<Map<Case, Outcome>> {
    const all = new Map<Case, Outcome>();
    for (const kind of ['page', 'sandboxed'] as const) {
      const cases = ALL.filter(({ page = 'page' }) => page === kind);
      const url = `${servers.origins.page}/${kind}`;
      const seen = await callFromPage(browser, url, cases.map(servers.callOf), keyOf);
      cases.forEach((one, index) => {
        const what = seen[index];
        if (what !== undefined) all.set(one, { ...outcomeSeen(what), sent: servers.takeLines(one) });
      });
    }
    return all;
  }
});

/** The number of the case. */
function keyOf(url: string): string {
  return /^http:\/\/[^/]*\/(\d+)\//.exec(url)?.[1] ?? '';
}

function outcomeOf({ verdict, error, exposed }: Diagnosis): Omit<Outcome, 'sent'> {
  return { allowed: verdict === 'allowed', error: error?.name, words: error?.words, exposed };
}

function outcomeSeen({ exposed, corsError, words }: Seen): Omit<Outcome, 'sent'> {
  return { allowed: exposed !== undefined, error: corsError, words, exposed: exposed ?? [] };
}
