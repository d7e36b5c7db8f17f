/** Tests that every backend keeps the contract under each policy, and that their responses are equivalent. */
import {
  CASES,
  compare,
  CONTRACT_KEY,
  countScans,
  PROTECTION_CASES,
  protectedEnvironment,
  runCase,
  serverEnvironment,
  startFixtures,
  type Case,
  type CaseResult,
  type Fixtures,
  type Policy,
} from 'scan-contract';
import type { Backend } from './backend';
import { BACKENDS } from './backends';

const POLICIES: readonly [name: string, policy: Policy][] = [
  ['any origin, no credentials', { origins: '*', credentials: false }],
  [
    'listed origins, with credentials',
    {
      origins: [
        'https://app.example.com',
        'https://*.pages.example.com:8443',
        'https://*.b.example',
        'http://localhost:5173',
        'http://127.0.0.1:*',
      ],
      credentials: true,
    },
  ],
];

/** Includes the cases that wait for DynamoDB's timeout. */
const RUN_TIMEOUT_MS = 300_000;

/** A deviation that a backend cannot avoid. The tests fail if it no longer occurs, so that it is removed. */
interface KnownDeviation {
  backend: string;
  caseName: string;
  reason: string;
}

/** Cases that a backend fails. */
const KNOWN_FINDINGS: readonly KnownDeviation[] = [];

/** Parts of a response in which a backend differs from the first one, in at least one case. */
const KNOWN_DIFFERENCES: readonly (Omit<KnownDeviation, 'caseName'> & Omit<Difference, 'caseName'>)[] = [
  {
    backend: 'the function behind API Gateway',
    part: 'content-type',
    left: '(absent)',
    right: 'application/json',
    reason: 'API Gateway adds a Content-Type to every mock response, even without a body',
  },
];

/** By policy, and then by the name of the backend. */
const resultsUnder = new Map<string, Map<string, CaseResult[]>>();

/** All at once, because the cases mostly wait. */
beforeAll(async () => {
  const runs = POLICIES.flatMap(([name, policy]) => {
    const resultsOf = new Map<string, CaseResult[]>();
    resultsUnder.set(name, resultsOf);
    return BACKENDS.map(async (backend) => {
      resultsOf.set(backend.name, await runAll(backend, policy));
    });
  });
  await Promise.all(runs);
}, RUN_TIMEOUT_MS);

describe.each(POLICIES)('with %s', (policyName) => {
  const resultsOf = (backend: string) => resultsUnder.get(policyName)?.get(backend) ?? [];

  it.each(BACKENDS)('$name keeps the contract', ({ name: backend }) => {
    const results = resultsOf(backend);
    const known = KNOWN_FINDINGS.filter((finding) => finding.backend === backend).map(
      ({ caseName }) => caseName,
    );
    expect(results).toHaveLength(CASES.length);
    expect(results.filter(({ skipped }) => skipped !== undefined && !isOtherPolicy(skipped))).toEqual([]);
    expect(results.filter(({ name, findings }) => findings.length > 0 && !known.includes(name))).toEqual([]);
    const failed = results.filter(({ findings }) => findings.length > 0).map(({ name }) => name);
    expect(known.filter((name) => !failed.includes(name))).toEqual([]);
  });

  it.each(BACKENDS.slice(1))('$name returns the same responses as the first backend', ({ name: backend }) => {
    const first = resultsOf(BACKENDS[0]?.name ?? '');
    const differences = first.flatMap((result, index) => differencesOf(result, resultsOf(backend)[index]));
    const known = KNOWN_DIFFERENCES.filter((difference) => difference.backend === backend);
    const isKnown = ({ part, left, right }: Difference, candidates = known) =>
      candidates.some(
        (candidate) => candidate.part === part && candidate.left === left && candidate.right === right,
      );
    expect(differences.filter((difference) => !isKnown(difference))).toEqual([]);
    expect(
      known.filter((candidate) => !differences.some((difference) => isKnown(difference, [candidate]))),
    ).toEqual([]);
  });
});

describe.each(POLICIES)('with protection and %s', (_name, policy) => {
  it.each(BACKENDS)(
    '$name keeps the contract',
    async (backend) => {
      const results = await runAll(backend, policy, PROTECTION_CASES, protectedEnvironment);
      const isSkipped = ({ needsDirectConnection }: Case) =>
        needsDirectConnection === true && !backend.isDirect;
      expect(results.flatMap(({ findings }) => findings)).toEqual([]);
      expect(results.filter(({ skipped }) => skipped !== undefined)).toHaveLength(
        PROTECTION_CASES.filter(isSkipped).length,
      );
    },
    RUN_TIMEOUT_MS,
  );
});

/** Whether a case tests an entry of a kind that this policy does not have, but another one of these tests does. */
function isOtherPolicy({ isGap }: NonNullable<CaseResult['skipped']>): boolean {
  return !isGap;
}

interface Difference {
  caseName: string;
  part: string;
  left: string;
  right: string;
}

async function runAll(
  backend: Backend,
  policy: Policy,
  cases: readonly Case[] = CASES,
  environment = serverEnvironment,
): Promise<CaseResult[]> {
  const fixtures: Fixtures = await startFixtures();
  const running = await backend.start(environment(fixtures.url, policy));
  try {
    const results: CaseResult[] = [];
    for (const contractCase of cases) {
      results.push(
        await runCase(contractCase, {
          baseUrl: running.url,
          policy,
          credentials: cases === PROTECTION_CASES ? [['X-Api-Key', CONTRACT_KEY]] : [],
          isDirect: backend.isDirect,
          countScans: () => countScans(fixtures.url),
        }),
      );
    }
    return results;
  } finally {
    await running.close();
    await fixtures.close();
  }
}

function differencesOf(result: CaseResult, other: CaseResult | undefined): Difference[] {
  const others = other?.observations ?? [];
  return result.observations.flatMap((observation, step) => {
    const counterpart = others[step];
    if (counterpart === undefined)
      return [{ caseName: result.name, part: 'response', left: 'one', right: 'none' }];
    return compare(observation, counterpart).map(({ name, left, right }) => ({
      caseName: result.name,
      part: name,
      left,
      right,
    }));
  });
}
