/** Hundreds of templates from small blocks: the exit code and the findings are those that their changes must have. */
import { pick, randomOf, type Random } from './mutate';
import { examineFile } from './templateFiles';
import { BREAKAGES, healthy, PLACES, textOf, UNKNOWN_VALUES, type Variation } from './templateVariations';

const VARIATIONS = 120;

interface Examined {
  code: number;
  errors: string[];
  warnings: string[];
  notExamined: number;
  /** What each OPTIONS request gets. */
  preflights: string[];
}

async function examine(variation: Variation): Promise<Examined> {
  const { code, output } = await examineFile(textOf(variation), {}, '--json');
  const { findings, notExamined, routes } = JSON.parse(output) as {
    findings: { ruleId: string; severity: string; message: string }[];
    notExamined: unknown[];
    routes: { method: string; deployed: string }[];
  };
  const rules = (severity: string) =>
    findings
      .filter((finding) => finding.severity === severity)
      .map(({ ruleId, message }) => `${ruleId}: ${message}`);
  return {
    code,
    errors: rules('error'),
    warnings: rules('warning'),
    notExamined: notExamined.length,
    preflights: routes.filter(({ method }) => method === 'OPTIONS').map(({ deployed }) => deployed),
  };
}

/** Examines variations, and returns a description of each that is not as expected. */
async function unexpected(
  seed: number,
  change: (variation: Variation, random: Random) => string,
  isExpected: (examined: Examined, changed: string, variation: Variation) => boolean,
): Promise<string[]> {
  const random = randomOf(seed);
  const found: string[] = [];
  for (let at = 0; at < VARIATIONS; at += 1) {
    const variation = healthy(random);
    const changed = change(variation, random);
    const examined = await examine(variation);
    if (!isExpected(examined, changed, variation))
      found.push(`${changed}: ${JSON.stringify(examined)}\n${textOf(variation)}`);
  }
  return found;
}

/** These say what the template cannot show, or what it lacks beside Cors. */
const EXPECTED_WARNINGS = /^(?:passes-locally-fails-deployed|gateway-errors):/;

it('finds nothing in healthy templates, whose preflights work', async () => {
  const found = await unexpected(
    1,
    () => 'healthy',
    ({ code, errors, warnings, notExamined, preflights }) =>
      code === 0 &&
      errors.length + notExamined === 0 &&
      warnings.every((warning) => EXPECTED_WARNINGS.test(warning)) &&
      preflights.length > 0 &&
      preflights.every((deployed) => /^20[04], allows /.test(deployed)),
  );
  expect(found).toEqual([]);
});

it('finds what was broken, with exit code 1', async () => {
  const found = await unexpected(
    2,
    (variation, random) => {
      const [name, { apply }] = pick(
        random,
        Object.entries(BREAKAGES).filter(([, { applies }]) => applies(variation)),
      );
      apply(variation);
      return name;
    },
    ({ code, errors, warnings }, name, { kind }) => {
      const ruleId = BREAKAGES[name]?.ruleId(kind) ?? '';
      return code === 1 && [...errors, ...warnings].some((finding) => finding.startsWith(`${ruleId}:`));
    },
  );
  expect(found).toEqual([]);
});

it('names what is known only at deployment, with exit code 2 and without an error', async () => {
  const found = await unexpected(
    3,
    (variation, random) => {
      const [name, hide] = pick(random, Object.entries(PLACES));
      hide(variation, structuredClone(pick(random, UNKNOWN_VALUES)));
      return name;
    },
    ({ code, errors, notExamined }) => code === 2 && errors.length === 0 && notExamined > 0,
  );
  expect(found).toEqual([]);
});
