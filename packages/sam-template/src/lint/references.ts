/** References, and DependsOn, to what is not there. */
import { finding, type Check } from './finding';

export const references: Check = ({ template, resolved }) => [
  ...resolved.unresolved
    .filter(({ knownLater }) => !knownLater)
    .map(({ in: logicalId, line = 1, reason }) =>
      finding('references', { logicalId, line }, reason, 'Name what the template declares, or declare it'),
    ),
  ...template.resources.flatMap((resource) =>
    resource.dependsOn
      .filter((name) => !template.resources.some(({ logicalId }) => logicalId === name))
      .map((name) =>
        finding(
          'references',
          resource,
          `it depends on ${name}, which is not there`,
          'Take it out of DependsOn',
        ),
      ),
  ),
];
