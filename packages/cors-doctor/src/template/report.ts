/** Prints the examination of a template: the response of each method, then each finding with its line. No I/O. */
import { dirname, join } from 'node:path';
import { escapeControlCharacters } from 'command-line';
import type { Remark } from 'sam-template';
import { paragraph } from '../layout';
import { findingLines } from '../report';
import type { Style } from '../terminal';
import type { TemplateExamination } from './examineTemplate';

export function reportTemplate(file: string, examined: TemplateExamination, style: Style): string {
  const { routes, assumedConditions, findings, notExamined } = examined;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const others = findings.length - errors;
  const verdict =
    errors > 0
      ? style.bad(`${file}: ${errors} ${errors === 1 ? 'error' : 'errors'}.`)
      : notExamined.length > 0
        ? style.bad(`${file}: no errors found, but not everything could be examined.`)
        : style.good(`${file}: no errors. Browsers will not block requests because of this template.`);
  const lines = [
    `${style.strong(verdict)}${others > 0 ? ` ${others} ${others === 1 ? 'warning' : 'warnings'}.` : ''}`,
    ...(routes.length === 0 ? ['The template declares no API with methods that can be examined.'] : ['']),
    ...assumptionLines(assumedConditions),
    ...routes.flatMap(({ path, method, deployed, samLocal }) => [
      `  ${method.padEnd(7)} ${escapeControlCharacters(path)}`,
      `          deployed   ${escapeControlCharacters(deployed)}`,
      `          sam local  ${escapeControlCharacters(samLocal)}`,
    ]),
    ...findings.flatMap((finding) => [
      '',
      style.strong(
        `${escapeControlCharacters(placeOf(file, finding.location))} ${escapeControlCharacters(finding.location.resource)} (${finding.ruleId})`,
      ),
      ...findingLines(finding, style),
    ]),
    ...notExaminedLines(file, notExamined, style),
  ];
  return `${lines.join('\n')}\n`;
}

/** Returns the file and the line. The file of a nested application is relative to the outermost template. */
function placeOf(template: string, { file, line }: Pick<Remark, 'file' | 'line'>): string {
  return `${file === undefined ? template : join(dirname(template), file)}:${line}`;
}

/** The verdict does not depend on these conditions, but the responses of single routes can. */
function assumptionLines(conditions: readonly string[]): string[] {
  if (conditions.length === 0) return [];
  const text = `These responses assume that conditions which are known at deployment are true: ${conditions.join(', ')}.`;
  return [...paragraph('  ', escapeControlCharacters(text)), ''];
}

function notExaminedLines(file: string, remarks: readonly Remark[], style: Style): string[] {
  if (remarks.length === 0) return [];
  const parameters = [...new Set(remarks.flatMap((remark) => remark.parameters))];
  return [
    '',
    style.strong('Not examined:'),
    ...remarks.flatMap((remark) =>
      paragraph(
        '  ',
        escapeControlCharacters(`${placeOf(file, remark)} ${remark.logicalId}: ${remark.message}`),
      ),
    ),
    ...(parameters.length === 0
      ? []
      : paragraph(
          '  ',
          `Pass ${parameters.map((name) => `--parameter ${name}=VALUE`).join(' ')} to examine it.`,
        )),
  ];
}
