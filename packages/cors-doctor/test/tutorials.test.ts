/** Tests the doctor's findings for backends that follow common tutorials. */
import { createServer } from 'node:http';
import cors from 'cors';
import express from 'express';
import type { PageCall } from '../src/diagnosis';
import { examine } from '../src/examine';
import { createTransport } from '../src/http';
import { listen } from '../../../test/helpers/listen';

function callOf(url: string): PageCall {
  return {
    url,
    origin: 'http://localhost:5173',
    method: 'POST',
    headers: [['Content-Type', 'application/json']],
    body: '{}',
    credentials: 'same-origin',
    reads: [],
  };
}

function examined(url: string) {
  return examine(callOf(url), createTransport(), { oversized: false });
}

it('notes that an app.options() handler after cors() never runs', async () => {
  let handled = 0;
  const app = express()
    .use(cors())
    .options('/scanRecords', (_request, response) => {
      handled += 1;
      response.set('X-Preflight', 'mine').sendStatus(200);
    })
    .post('/scanRecords', (_request, response) => void response.json([]));
  const { port, close } = await listen(createServer(app));
  try {
    const { diagnosis, findings } = await examined(`http://127.0.0.1:${port}/scanRecords`);
    expect(diagnosis.verdict).toBe('allowed');
    expect(findings).toEqual([
      expect.objectContaining({
        ruleId: 'cors-answers-preflights',
        severity: 'note',
        message: expect.stringMatching(/^Likely: .*never runs/) as unknown,
      }),
    ]);
    expect(handled).toBe(0);
  } finally {
    await close();
  }
});
