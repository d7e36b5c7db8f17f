/** Examines the cross-origin requests of a recording with the same checks as a URL. Sends nothing. */
import type { Finding } from 'sam-template';
import type { Diagnosis, PageCall, RequestResult } from '../diagnosis';
import { conclude, type Examination } from '../examine';
import { explainMessage } from '../console/explain';
import { safariMessages } from '../console/safari';
import { doctorCommand } from '../doctorCommand';
import { finding } from '../finding';
import { diagnose } from '../verdict/diagnose';
import type { HarEntry } from './readHar';
import { recordedCalls, type RecordedCall } from './recordedCall';
import { Recording, resultOf } from './replay';

/** A call that the browser blocked, or about which the recording does not say enough. */
export interface ExaminedCall extends Examination {
  isRecorded: true;
  /** The number of calls like this one, itself included. */
  count: number;
}

export interface ExaminedHar {
  /** The number of calls to other origins. */
  calls: number;
  blocked: readonly ExaminedCall[];
  /** Calls without a response. */
  unreachable: readonly ExaminedCall[];
  /** Calls that failed for a reason that the recording does not show. */
  unknown: readonly ExaminedCall[];
}

export async function examineHar(entries: readonly HarEntry[]): Promise<ExaminedHar> {
  const recording = new Recording(entries);
  const examined: Examination[] = [];
  let calls = 0;
  for (const recorded of recordedCalls(entries, (entry) => recording.preflightOf(entry))) {
    // The target of an earlier redirect.
    if (recording.isUsed(recorded.entry)) continue;
    calls++;
    const examination = await examineCall(recorded, recording);
    if (examination !== undefined) examined.push(examination);
  }
  const grouped = group(examined);
  return {
    calls,
    blocked: grouped.filter(({ diagnosis }) => diagnosis.verdict === 'blocked'),
    unreachable: grouped.filter((one) => one.diagnosis.verdict === 'unknown' && !isNotRecorded(one)),
    unknown: grouped.filter(isNotRecorded),
  };
}

const CAUSE_NOT_RECORDED = 'har-not-recorded';

function isNotRecorded({ findings }: Examination): boolean {
  return findings.some(({ ruleId }) => ruleId === CAUSE_NOT_RECORDED);
}

/** Returns undefined if the browser allowed the call. */
async function examineCall(recorded: RecordedCall, recording: Recording): Promise<Examination | undefined> {
  const { call, entry } = recorded;
  const first = await replay(recorded, call, recording);
  for (const used of first.used) recording.use(used);
  const failed = [entry, ...first.used].map(({ error }) => error).find((error) => error !== undefined);
  if (isKnownToPass([entry, ...first.used])) return undefined;
  if (first.missing !== undefined) return unknown(call, first.diagnosis, first.missing, failed);
  if (first.diagnosis.verdict !== 'allowed') return withNotes(conclude(call, first.diagnosis), first.notes);
  if (failed === undefined) return undefined;
  // Recordings often have no cookies, so the call may have been one with credentials.
  const included = { ...call, credentials: 'include' } as const;
  const second = await replay(recorded, included, new Recording([...first.used, entry]));
  if (call.credentials !== 'include' && second.diagnosis.verdict === 'blocked') {
    return withNotes(conclude(included, second.diagnosis), [...second.notes, ASSUMED_CREDENTIALS]);
  }
  return unknown(call, first.diagnosis, undefined, failed);
}

/** The browser has the last word, for example if a setting or an extension turns checks off. */
function isKnownToPass(entries: readonly HarEntry[]): boolean {
  return entries.every(
    ({ marksFailures, status, error }) => marksFailures && status > 0 && error === undefined,
  );
}

interface Replayed {
  diagnosis: Diagnosis;
  used: readonly HarEntry[];
  /** The first request whose response is not recorded. */
  missing: string | undefined;
  notes: readonly Finding[];
}

async function replay({ entry }: RecordedCall, call: PageCall, recording: Recording): Promise<Replayed> {
  const used: HarEntry[] = [];
  let missing: string | undefined;
  const notes: Finding[] = [];
  const diagnosis = await diagnose(call, (sent) => {
    const found = recording.find(entry, sent);
    const result = found && resultOf(found);
    if (found !== undefined) used.push(found);
    if (result !== undefined) return Promise.resolve(result);
    // The browser sends a request only after its preflight, or after an earlier one that it remembers.
    if (sent.purpose === 'preflight' && entry.status > 0) {
      notes.push(NO_PREFLIGHT);
      return Promise.resolve(passingPreflight(call, sent.headers));
    }
    missing ??= `${sent.method} ${sent.url}`;
    return Promise.resolve({ kind: 'failure', failure: 'broken', message: 'not recorded' });
  });
  if (notes.length === 0) return { diagnosis, used, missing, notes };
  const recordedOnly: Diagnosis = {
    ...diagnosis,
    steps: diagnosis.steps.filter(({ name }) => !name.startsWith('preflight')),
    exchanges: diagnosis.exchanges.filter(({ sent }) => sent.purpose !== 'preflight'),
  };
  return { diagnosis: recordedOnly, used, missing, notes: [NO_PREFLIGHT] };
}

function passingPreflight(
  { origin, method }: PageCall,
  sent: readonly (readonly [string, string])[],
): RequestResult {
  const names = sent.find(([name]) => name === 'Access-Control-Request-Headers')?.[1] ?? '';
  return {
    kind: 'response',
    status: 200,
    headers: [
      ['Access-Control-Allow-Origin', sent.find(([name]) => name === 'Origin')?.[1] ?? origin],
      ['Access-Control-Allow-Credentials', 'true'],
      ['Access-Control-Allow-Methods', method],
      ['Access-Control-Allow-Headers', names],
    ],
    body: '',
  };
}

const NO_PREFLIGHT = finding(
  'har-preflight-not-recorded',
  'note',
  'The preflight is not recorded. It passed, because the browser sent the request after it.',
  'To see it, turn on "Disable cache" in the Network panel, show requests of all types, and record again.',
);

const ASSUMED_CREDENTIALS = finding(
  'har-credentials-not-recorded',
  'warning',
  "The recording has no cookies. The recorded responses block the request only if the web page calls fetch with credentials: 'include'.",
  'Check how the web page calls fetch. If it does not send credentials, the recording does not show the cause.',
);

function unknown(
  call: PageCall,
  diagnosis: Diagnosis,
  missing: string | undefined,
  error: string | undefined,
): Examination {
  const reported = error === undefined ? '' : ` The browser reported ${error}.`;
  const message =
    missing === undefined
      ? `The recorded responses allow the request, but it failed.${reported} The recording does not show why.`
      : `The response to ${missing} is not recorded.${reported}`;
  return {
    call,
    diagnosis: { ...diagnosis, verdict: 'unknown' },
    probed: [],
    platforms: [],
    findings: [finding(CAUSE_NOT_RECORDED, 'error', message, ...nextStep(call, error))],
  };
}

function nextStep(call: PageCall, error = ''): readonly [description: string, lines?: readonly string[]] {
  // Safari records the message of its console.
  const [message] = safariMessages(error);
  if (message !== undefined) {
    const explained = explainMessage({ ...message, url: call.url });
    return [`${explained.message} ${explained.fix.description}`, explained.fix.lines];
  }
  if (error.includes('BLOCKED_BY_CLIENT')) {
    return [
      'An extension of the browser, such as an ad blocker, blocked the request. Turn it off for this web page.',
    ];
  }
  const { url, origin, method, headers, credentials } = call;
  const names = headers.map(([name]) => name);
  const command = doctorCommand({
    url,
    origin,
    method,
    headers: names,
    credentials: credentials === 'include',
  });
  return [
    'Explain the message from the console of the browser with cors-doctor --console, or examine the server with this command, which sends the request again.',
    command === undefined ? [] : [command],
  ];
}

function withNotes(examination: Examination, notes: readonly Finding[]): Examination {
  return { ...examination, findings: [...examination.findings, ...notes] };
}

/** Keeps one of several calls of the same method and path with the same cause. */
function group(examined: readonly Examination[]): ExaminedCall[] {
  const groups = new Map<string, ExaminedCall>();
  for (const examination of examined) {
    const { call, diagnosis, findings } = examination;
    const { origin, pathname } = new URL(call.url);
    const key = [call.method, origin, pathname, diagnosis.error?.name, findings[0]?.ruleId].join(' ');
    groups.set(key, { ...examination, isRecorded: true, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}
