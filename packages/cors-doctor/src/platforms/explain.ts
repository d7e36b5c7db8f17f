/** Detects the platforms that responded, and asks them to explain the result. No I/O. */
import type { Evidence } from '../evidence';
import type { Finding } from 'sam-template';
import { anyServer } from './anyServer';
import { apiGateway } from './apiGateway';
import { cloudFront } from './cloudFront';
import { express } from './express';
import { flask } from './flask';
import { httpApi } from './httpApi';
import { lambdaProxy } from './lambdaProxy';
import { loadBalancer } from './loadBalancer';
import { nginx } from './nginx';
import { explainImpossibleRequest } from './impossibleRequests';
import type { Platform } from './platform';
import { samLocal } from './samLocal';
import { thisServer } from './thisServer';

/** The most specific platforms come first, because only the first explanation of an error is reported. */
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
  /** Names of the platforms. */
  platforms: readonly string[];
  findings: readonly Finding[];
}

export function explain(evidence: Evidence): Explanation {
  const detected = PLATFORMS.filter((platform) =>
    evidence.responses.some((response) => platform.matches(response)),
  );
  const all = detected.map((platform) => platform.explain(evidence));
  const errors = all.map((findings) => findings.filter(({ severity }) => severity === 'error'));
  const others = all.flatMap((findings) => findings.filter(({ severity }) => severity !== 'error'));
  const withoutHeaders = explainImpossibleRequest(evidence.diagnosis);
  const first =
    withoutHeaders === undefined
      ? (errors.find((findings) => findings.length > 0) ?? anyServer(evidence))
      : [withoutHeaders];
  return { platforms: detected.map(({ name }) => name), findings: [...first, ...others] };
}
