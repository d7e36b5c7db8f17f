/** Every backend keeps the contract, under each policy, and they differ in nothing. */
import { CASES } from 'scan-contract';
import { runCase, type CaseResult } from 'scan-contract';
import { countScans, serverEnvironment, startFixtures, type Fixtures } from 'scan-contract';
import { compare } from 'scan-contract';
import type { Policy } from 'scan-contract';
import { BACKENDS, type Backend } from './backends';

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
      ],
      credentials: true,
    },
  ],
];

/** Compiling, and the cases in which DynamoDB is waited for. */
const PATIENCE = 180_000;

/** What is known of a backend and cannot be helped; what no longer holds is to be struck off. */
interface Known {
  backend: string;
  /** The name of the case. */
  test: string;
  reason: string;
}

/** Cases that a backend fails. */
const KNOWN_FINDINGS: readonly Known[] = [];

/** Parts of an answer in which a backend differs from the first one, in one case or more. */
const KNOWN_DIFFERENCES: readonly (Omit<Known, 'test'> & Omit<Difference, 'test'>)[] = [
  {
    backend: 'the function behind API Gateway',
    part: 'content-type',
    left: '(absent)',
    right: 'application/json',
    reason: 'API Gateway gives every mock answer a Content-Type, one without a body too',
  },
];

afterAll(async () => {
  for (const { dispose } of BACKENDS) await dispose?.();
});

describe.each(POLICIES)('with %s', (_name, policy) => {
  const resultsOf = new Map<string, CaseResult[]>();

  beforeAll(async () => {
    await Promise.all(
      BACKENDS.map(async (backend) => {
        resultsOf.set(backend.name, await runAll(backend, policy));
      }),
    );
  }, PATIENCE);

  test.each(BACKENDS)('$name keeps the contract', ({ name: backend }) => {
    const results = resultsOf.get(backend) ?? [];
    const known = KNOWN_FINDINGS.filter((finding) => finding.backend === backend).map(({ test }) => test);
    expect(results).toHaveLength(CASES.length);
    expect(results.filter(({ skipped }) => skipped !== undefined)).toEqual([]);
    expect(results.filter(({ name }) => !known.includes(name)).flatMap(({ findings }) => findings)).toEqual(
      [],
    );
    const failed = results.filter(({ findings }) => findings.length > 0).map(({ name }) => name);
    expect(known.filter((name) => !failed.includes(name))).toEqual([]);
  });

  test.each(BACKENDS.slice(1))('$name answers as the first backend does', ({ name: backend }) => {
    const first = resultsOf.get(BACKENDS[0]?.name ?? '') ?? [];
    const differences = first.flatMap((result, index) =>
      differencesOf(result, resultsOf.get(backend)?.[index]),
    );
    const known = KNOWN_DIFFERENCES.filter((difference) => difference.backend === backend);
    const isKnown = ({ part, left, right }: Difference, of = known) =>
      of.some((one) => one.part === part && one.left === left && one.right === right);
    expect(differences.filter((difference) => !isKnown(difference))).toEqual([]);
    expect(known.filter((one) => !differences.some((difference) => isKnown(difference, [one])))).toEqual([]);
  });
});

interface Difference {
  test: string;
  part: string;
  left: string;
  right: string;
}

async function runAll(backend: Backend, policy: Policy): Promise<CaseResult[]> {
  const fixtures: Fixtures = await startFixtures();
  const running = await backend.start(serverEnvironment(fixtures.url, policy));
  try {
    const results: CaseResult[] = [];
    for (const one of CASES) {
      results.push(
        await runCase(one, { baseUrl: running.url, policy, countScans: () => countScans(fixtures.url) }),
      );
    }
    return results;
  } finally {
    await running.close();
    await fixtures.close();
  }
}

function differencesOf(one: CaseResult, other: CaseResult | undefined): Difference[] {
  const others = other?.observations ?? [];
  return one.observations.flatMap((observation, step) => {
    const counterpart = others[step];
    if (counterpart === undefined) return [{ test: one.name, part: 'answer', left: 'one', right: 'none' }];
    return compare(observation, counterpart).map(({ name, left, right }) => ({
      test: one.name,
      part: name,
      left,
      right,
    }));
  });
}
