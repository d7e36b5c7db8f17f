/** Tests the doctor's findings for backends that follow common tutorials. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
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

/** Sets the CORS headers in the handler of OPTIONS, but not in the handler of POST. */
const FLASK = `
import sys
from flask import Flask, jsonify, make_response
from werkzeug.serving import make_server

app = Flask(__name__)
#FIX

@app.route('/scanRecords', methods=['OPTIONS'])
def preflight():
    response = make_response()
    response.headers['Access-Control-Allow-Origin'] = '*'
    response.headers['Access-Control-Allow-Headers'] = 'Content-Type'
    response.headers['Access-Control-Allow-Methods'] = 'POST, OPTIONS'
    return response

@app.route('/scanRecords', methods=['POST'])
def scan():
    return jsonify([])

server = make_server('127.0.0.1', 0, app)
print(server.port, flush=True)
server.serve_forever()
`;

/** The first Python that has Flask. Debian installs its packages only for /usr/bin/python3. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import flask']).status === 0,
);
/** Without Flask, its tests are skipped, except in CI. */
const expectsFlask = python !== undefined || process.env.CI !== undefined;
const describeWithFlask = expectsFlask ? describe : describe.skip;

/** Examines a Flask application that runs in its own process. */
async function examinedFlask(program: string) {
  const child = spawn(python ?? 'python3', ['-c', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const stderr = text(child.stderr);
  try {
    let port = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      port += String(chunk);
      if (port.includes('\n')) break;
    }
    if (port === '') throw new Error(await stderr);
    return await examined(`http://127.0.0.1:${port.trim()}/scanRecords`);
  } finally {
    child.kill('SIGKILL');
    await stderr;
  }
}

describeWithFlask('Flask with headers on OPTIONS only (needs python3 with Flask)', () => {
  it('is blocked at the response to POST, and allowed after the fix', async () => {
    const { diagnosis, platforms, findings } = await examinedFlask(FLASK);
    expect(diagnosis.error?.name).toBe('MissingAllowOriginHeader');
    expect(platforms).toEqual(['Flask']);
    const [first] = findings;
    expect(first).toMatchObject({
      ruleId: 'flask-cors',
      message: expect.stringContaining('on OPTIONS only') as unknown,
    });

    const fixed = FLASK.replace('#FIX', () => (first?.fix.lines ?? []).join('\n'));
    expect((await examinedFlask(fixed)).diagnosis.verdict).toBe('allowed');
  });
});
