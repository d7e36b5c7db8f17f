/** Finds every API of a template: the one model that the gateway, the linter and the doctor read. No I/O. */
import { partsOf, placeIn, type TemplatePart } from '../template/parts';
import type { ResolvedTemplate } from '../template/resolve';
import type { Api, Integration, Remark } from './api';
import { functionUrls } from './functionUrl';
import { resourceHttpApis } from './resourceHttpApi';
import { methodsOfOtherApis, resourceRestApis } from './resourceRestApi';
import { samHttpApis } from './samHttpApi';
import { eventRemarks, samRestApis } from './samRestApi';

export interface TemplateModel {
  apis: readonly Api[];
  /** Everything that can contain an API or a part of one, but cannot be examined. */
  notExamined: readonly Remark[];
}

/** Returns the APIs of a template and of its nested applications. */
export function apisOf(resolved: ResolvedTemplate): TemplateModel {
  const models = partsOf(resolved).map((part) => placedModel(part, ownApisOf(part.resolved)));
  return {
    apis: models.flatMap(({ apis }) => apis),
    notExamined: models.flatMap(({ notExamined }) => notExamined),
  };
}

/** Returns the APIs of a template without those of nested applications, in the order: SAM, then other resources. */
export function ownApisOf(resolved: ResolvedTemplate): TemplateModel {
  const apis = [
    ...samRestApis(resolved),
    ...samHttpApis(resolved),
    ...resourceRestApis(resolved),
    ...resourceHttpApis(resolved),
    ...functionUrls(resolved),
  ];
  return {
    apis: apis.filter(({ methods }) => methods.length > 0),
    notExamined: [
      ...apis.flatMap(({ notExamined }) => notExamined),
      ...eventRemarks(resolved),
      ...methodsOfOtherApis(resolved),
      ...otherTemplates(resolved),
      ...macros(resolved),
    ],
  };
}

function placedModel(part: TemplatePart, { apis, notExamined }: TemplateModel): TemplateModel {
  if (part.prefix === '') return { apis, notExamined };
  const placed = (remark: Remark) => placeIn(part, remark);
  return {
    apis: apis.map((api) => ({
      ...placeIn(part, api),
      place: placeIn(part, api.place),
      methods: api.methods.map((method) => ({
        ...placeIn(part, method),
        integration: placedIntegration(part, method.integration),
      })),
      notExamined: api.notExamined.map(placed),
    })),
    notExamined: notExamined.map(placed),
  };
}

/** A function that the nested template does not declare is one of the outer template. */
function placedIntegration({ resolved, prefix }: TemplatePart, integration: Integration): Integration {
  const { functionId } = integration;
  const isOwn = resolved.resources.some(({ logicalId }) => logicalId === functionId);
  return isOwn ? { ...integration, functionId: `${prefix}${functionId}` } : integration;
}

const OTHER_TEMPLATES = /^AWS::Serverless::Application$|^AWS::CloudFormation::Stack$/;

/** Returns a remark for each nested application whose template is not read. */
function otherTemplates({ resources, nested, template }: ResolvedTemplate): Remark[] {
  return resources
    .filter(({ logicalId, type }) => OTHER_TEMPLATES.test(type) && !nested.has(logicalId))
    .map(({ logicalId, line }) => {
      const message = template.notRead?.get(logicalId) ?? 'its template is not a local file';
      return { logicalId, line, message, parameters: [] };
    });
}

function macros({ macros: names }: ResolvedTemplate): Remark[] {
  return names.map((name) => ({
    logicalId: 'Transform',
    line: 1,
    message: `${name} can change every resource at deployment`,
    parameters: [],
  }));
}
