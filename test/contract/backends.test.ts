/** Every backend keeps the contract, under each policy, and they differ in nothing. */
import { CASES } from '../../contract/cases';
import { runCase, type CaseResult } from '../../contract/check';
import { countScans, serverEnvironment, startFixtures, type Fixtures } from '../../contract/fixtures';
import { compare } from '../../contract/observation';
import type { Policy } from '../../contract/policy';
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

/** Cases in which the server does not do what the contract says, and what it does. */
const KNOWN_FINDINGS: Readonly<Record<string, string>> = {
  'The JSON 1, which is no object, is 400':
    'the detail speaks of members "value" and "isLosslessNumber", which are those of the parser',
};

/** Where a backend may differ from the first one: part of the answer, and why. */
const KNOWN_DIFFERENCES: readonly { backend: string; test: string; part: string; reason: string }[] = [];

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

  test.each(BACKENDS)('$name keeps the contract', ({ name }) => {
    const results = resultsOf.get(name) ?? [];
    const unknown = results.filter(({ name }) => !Object.hasOwn(KNOWN_FINDINGS, name));
    expect(unknown.flatMap(({ findings }) => findings)).toEqual([]);
    expect(results.filter(({ skipped }) => skipped !== undefined)).toEqual([]);
    expect(results).toHaveLength(CASES.length);
  });

  test.each(BACKENDS)('$name fails the cases that are known to fail, and no others', ({ name }) => {
    const wrong = resultsOf.get(name)?.filter(({ findings }) => findings.length > 0) ?? [];
    expect(wrong.map((result) => result.name)).toEqual(Object.keys(KNOWN_FINDINGS));
  });

  test.each(BACKENDS.slice(1))('$name answers as the first backend does', ({ name }) => {
    const first = resultsOf.get(BACKENDS[0]?.name ?? '') ?? [];
    const differences = first.flatMap((result, index) => differencesOf(result, resultsOf.get(name)?.[index]));
    const unknown = differences.filter(
      ({ test, part }) =>
        !KNOWN_DIFFERENCES.some(
          (known) => known.backend === name && known.test === test && known.part === part,
        ),
    );
    expect(unknown).toEqual([]);
  });
});

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

function differencesOf(one: CaseResult, other: CaseResult | undefined) {
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
