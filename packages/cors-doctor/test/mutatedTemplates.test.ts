/** The doctor examines or rejects any template, whatever it contains. */
import { parseIncluded, TemplateError } from '../../sam-template/src/template/parse';
import { stringify } from 'yaml';
import { CASES } from '../../sam-template/test/translator/cases';
import { examineTemplate } from '../src/template/examineTemplate';
import { mutate, pick, randomOf, type Random } from './mutate';

const MUTATIONS = 150;

/** Returns a template of the recorded table with some values replaced. */
function mutated(random: Random): string {
  const root = parseIncluded(pick(random, CASES).template) as Record<string, object>;
  root.Parameters = { P: { Type: 'String' }, ...root.Parameters };
  root.Conditions = { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] }, ...root.Conditions };
  for (let count = 1 + random(3); count > 0; count -= 1) mutate(root, random);
  return stringify(root);
}

it(`examines or rejects ${MUTATIONS} templates with random values`, async () => {
  const random = randomOf(20);
  let examined = 0;
  for (let at = 0; at < MUTATIONS; at += 1) {
    const text = mutated(random);
    try {
      await examineTemplate(text, {});
      examined += 1;
    } catch (error) {
      if (!(error instanceof TemplateError))
        throw new Error(`Failed for this template:\n${text}`, { cause: error });
    }
  }
  expect(examined).toBeGreaterThan(MUTATIONS / 2);
});
