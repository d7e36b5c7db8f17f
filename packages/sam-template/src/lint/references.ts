/** Finds references and DependsOn entries that name something that does not exist. */
import { finding, type Rule } from './finding';

export const references: Rule = ({ template, resolved }) => [
  ...resolved.unresolved
    .filter(({ knownLater }) => !knownLater)
    .map(({ in: logicalId, line = 1, reason, missingLogicalId }) =>
      finding(
        'references',
        { logicalId, line },
        reason,
        'Use a name that the template declares, or declare it',
        missingLogicalId,
      ),
    ),
  ...template.resources.flatMap((resource) =>
    resource.dependsOn
      .filter((name) => !template.resources.some(({ logicalId }) => logicalId === name))
      .map((name) =>
        finding(
          'references',
          resource,
          `it depends on ${name}, which does not exist`,
          'Remove it from DependsOn',
          name,
        ),
      ),
  ),
];
