/** Which platforms have answered, and what they say about it. No I/O. */
import type { Evidence } from '../evidence';
import type { Finding } from '../finding';
import { anyServer } from './anyServer';
import { apiGateway } from './apiGateway';
import { cloudFront } from './cloudFront';
import { express } from './express';
import { flask } from './flask';
import { httpApi } from './httpApi';
import { lambdaProxy } from './lambdaProxy';
import { loadBalancer } from './loadBalancer';
import { nginx } from './nginx';
import { noHeaderHelps } from './noHeaderHelps';
import type { Platform } from './platform';
import { samLocal } from './samLocal';
import { thisServer } from './thisServer';

/** Who knows more comes first: only the first that has an explanation for the refusal is heard. */
const PLATFORMS: readonly Platform[] = [
  samLocal,
  httpApi,
  apiGateway,
  thisServer,
  lambdaProxy,
  loadBalancer,
  express,
  flask,
  cloudFront,
  nginx,
];

export interface Explanation {
  /** Names, in no order that means anything. */
  platforms: readonly string[];
  findings: readonly Finding[];
}

export function explain(evidence: Evidence): Explanation {
  const recognised = PLATFORMS.filter((platform) =>
    evidence.answers.some((answer) => platform.matches(answer)),
  );
  const all = recognised.map((platform) => platform.explain(evidence));
  const errors = all.map((findings) => findings.filter(({ severity }) => severity === 'error'));
  const others = all.flatMap((findings) => findings.filter(({ severity }) => severity !== 'error'));
  const unmendable = noHeaderHelps(evidence.diagnosis);
  const first =
    unmendable === undefined
      ? (errors.find((findings) => findings.length > 0) ?? anyServer(evidence))
      : [unmendable];
  return { platforms: recognised.map(({ name }) => name), findings: [...first, ...others] };
}
