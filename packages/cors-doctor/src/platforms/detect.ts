/** Detects the platforms that responded. No I/O. */
import type { Evidence } from '../evidence';
import { apiGateway } from './apiGateway';
import { aspNet } from './aspNet';
import { cloudFront } from './cloudFront';
import { django } from './django';
import { express } from './express';
import { fastapi } from './fastapi';
import { flask } from './flask';
import { functionUrl } from './functionUrl';
import { gin, go, rsCors } from './go';
import { httpApi } from './httpApi';
import { lambdaProxy } from './lambdaProxy';
import { loadBalancer } from './loadBalancer';
import { nextJs } from './nextJs';
import { nginx } from './nginx';
import { nodeHttp } from './nodeHttp';
import { samLocal } from './samLocal';
import { spring } from './spring';
import { thisServer } from './thisServer';
import type { Platform } from './platform';

/** The most specific platforms come first, because only the first explanation of an error is reported. */
const PLATFORMS: readonly Platform[] = [
  samLocal,
  functionUrl,
  httpApi,
  apiGateway,
  thisServer,
  lambdaProxy,
  loadBalancer,
  nextJs,
  express,
  flask,
  fastapi,
  django,
  spring,
  aspNet,
  gin,
  go,
  rsCors,
  cloudFront,
  nginx,
];

/** A platform, and whether only it sends such responses. */
export interface Detected {
  platform: Platform;
  certain: boolean;
}

/**
 * Platforms that sent the response for which the request is blocked come first. Many frameworks are based on node:http,
 * so it counts only if nothing else is detected.
 */
export function detectedPlatforms(evidence: Evidence): Detected[] {
  const url = new URL(evidence.observations.at(-1)?.url ?? evidence.call.url);
  const failing = evidence.responses.slice(0, evidence.observations.length).slice(-1);
  const detect = (platform: Platform, responses: Evidence['responses']): Detected[] => {
    const found = responses.map((response) => platform.detect(response, url));
    if (found.includes('certain')) return [{ platform, certain: true }];
    return found.includes('likely') ? [{ platform, certain: false }] : [];
  };
  const own = PLATFORMS.flatMap((platform) => detect(platform, failing));
  const all = PLATFORMS.flatMap((platform) => detect(platform, evidence.responses));
  const behind = all.filter(({ platform }) => !own.some((one) => one.platform === platform));
  const detected = [...own, ...behind];
  return detected.length > 0 ? detected : detect(nodeHttp, evidence.responses);
}
