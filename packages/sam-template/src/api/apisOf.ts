/** Finds every API of a template: the one model that the gateway, the linter and the doctor read. No I/O. */
import type { ResolvedTemplate } from '../template/resolve';
import type { Api, Remark } from './api';
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

/** Returns the APIs of a template and of its nested applications, in the order: SAM, then other resources. */
export function apisOf(resolved: ResolvedTemplate): TemplateModel {
  const apis = [
    ...samRestApis(resolved),
    ...samHttpApis(resolved),
    ...resourceRestApis(resolved),
    ...resourceHttpApis(resolved),
    ...functionUrls(resolved),
  ];
  const nested = [...resolved.nested].map(([logicalId, inner]) =>
    nestedModel(logicalId, resolved, apisOf(inner)),
  );
  return {
    apis: [...apis, ...nested.flatMap((model) => model.apis)].filter(({ methods }) => methods.length > 0),
    notExamined: [
      ...apis.flatMap(({ notExamined }) => notExamined),
      ...eventRemarks(resolved),
      ...methodsOfOtherApis(resolved),
      ...otherTemplates(resolved),
      ...macros(resolved),
      ...nested.flatMap(({ notExamined }) => notExamined),
    ],
  };
}

/** Findings about a nested application are at the resource that contains it. */
function nestedModel(
  logicalId: string,
  { resources }: ResolvedTemplate,
  model: TemplateModel,
): TemplateModel {
  const line = resources.find((resource) => resource.logicalId === logicalId)?.line ?? 1;
  const prefixed = (name: string) => `${logicalId}.${name}`;
  const placed = (remark: Remark) => ({ ...remark, logicalId: prefixed(remark.logicalId), line });
  return {
    apis: model.apis.map((api) => ({
      ...api,
      logicalId: prefixed(api.logicalId),
      place: { logicalId: prefixed(api.place.logicalId), line },
      methods: api.methods.map((method) => ({ ...method, logicalId: prefixed(method.logicalId), line })),
      notExamined: api.notExamined.map(placed),
    })),
    notExamined: model.notExamined.map(placed),
  };
}

/** Resources whose content is in another template, or in a definition that this model does not read. */
const OTHER_TEMPLATES: readonly (readonly [type: RegExp, message: string])[] = [
  [
    /^AWS::Serverless::Application$|^AWS::CloudFormation::Stack$/,
    'its template is not a local file that can be read',
  ],
];

function otherTemplates({ resources, nested }: ResolvedTemplate): Remark[] {
  return resources.flatMap(({ logicalId, line, type }) =>
    OTHER_TEMPLATES.filter(([pattern]) => pattern.test(type) && !nested.has(logicalId)).map(
      ([, message]) => ({
        logicalId,
        line,
        message,
        parameters: [],
      }),
    ),
  );
}

function macros({ macros: names }: ResolvedTemplate): Remark[] {
  return names.map((name) => ({
    logicalId: 'Transform',
    line: 1,
    message: `${name} can change every resource at deployment`,
    parameters: [],
  }));
}
