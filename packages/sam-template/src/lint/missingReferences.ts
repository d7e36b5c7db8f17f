/** Finds references and DependsOn entries that name something that does not exist. */
import { isGenerated } from '../template/generatedResources';
import { finding, type Rule } from './rule';

export const references: Rule = ({ template, resolved }) => [
  ...resolved.unresolved
    .filter(({ knownLater }) => !knownLater)
    .map(({ in: logicalId, line = 1, reason, missingLogicalId }) =>
      finding(
        'references',
        { logicalId, line },
        reason,
        'Correct the name, or declare it in the template',
        missingLogicalId,
      ),
    ),
  ...template.resources.flatMap((resource) =>
    resource.dependsOn
      .filter((name) => !template.resources.some(({ logicalId }) => logicalId === name))
      .filter((name) => !isGenerated(name, template))
      .map((name) =>
        finding(
          'references',
          resource,
          `DependsOn ${name}: there is no such resource`,
          `Correct the name, or remove ${name} from DependsOn`,
          name,
        ),
      ),
  ),
];
