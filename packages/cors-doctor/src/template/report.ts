/** Prints the examination of a template: the response of each method, then each finding with its line. No I/O. */
import { escapeControlCharacters } from 'command-line';
import { findingLines } from '../report';
import type { Style } from '../terminal';
import type { TemplateExamination } from './examineTemplate';

export function reportTemplate(file: string, examined: TemplateExamination, style: Style): string {
  const { routes, findings } = examined;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const others = findings.length - errors;
  const verdict =
    errors > 0
      ? style.bad(`${file}: ${errors} ${errors === 1 ? 'error' : 'errors'}.`)
      : style.good(`${file}: no errors. Browsers will not block requests because of this template.`);
  const lines = [
    `${style.strong(verdict)}${others > 0 ? ` ${others} ${others === 1 ? 'warning' : 'warnings'}.` : ''}`,
    ...(routes.length === 0 ? ['The template declares no REST API with methods.'] : ['']),
    ...routes.flatMap(({ path, method, deployed, samLocal }) => [
      `  ${method.padEnd(7)} ${escapeControlCharacters(path)}`,
      `          deployed   ${escapeControlCharacters(deployed)}`,
      `          sam local  ${escapeControlCharacters(samLocal)}`,
    ]),
    ...findings.flatMap((finding) => [
      '',
      style.strong(
        `${escapeControlCharacters(file)}:${finding.location.line} ${escapeControlCharacters(finding.location.resource)} (${finding.ruleId})`,
      ),
      ...findingLines(finding, style),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
