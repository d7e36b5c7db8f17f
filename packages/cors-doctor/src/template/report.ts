/** An examined template for people: what each method answers, then every finding with its line. No I/O. */
import { findingLines } from '../report';
import { escapeControls, type Style } from '../terminal';
import type { TemplateExamination } from './examineTemplate';

export function reportTemplate(file: string, examined: TemplateExamination, style: Style): string {
  const { routes, findings } = examined;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const others = findings.length - errors;
  const verdict =
    errors > 0
      ? style.bad(`${file}: ${errors} ${errors === 1 ? 'thing' : 'things'} will go wrong.`)
      : style.good(`${file}: nothing was found that makes a browser refuse.`);
  const lines = [
    `${style.strong(verdict)}${others > 0 ? ` ${others} more to know.` : ''}`,
    ...(routes.length === 0 ? ['It declares no REST API with a method.'] : ['']),
    ...routes.flatMap(({ path, method, deployed, samLocal }) => [
      `  ${method.padEnd(7)} ${escapeControls(path)}`,
      `          deployed   ${escapeControls(deployed)}`,
      `          sam local  ${escapeControls(samLocal)}`,
    ]),
    ...findings.flatMap((finding) => [
      '',
      style.strong(
        `${escapeControls(file)}:${finding.line} ${escapeControls(finding.resource)} (${finding.name})`,
      ),
      ...findingLines(finding, style),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}
