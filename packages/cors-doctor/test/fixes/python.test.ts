/** Applies the fixes for Flask, FastAPI and Django to real applications. */
import type { PageCall } from '../../src/diagnosis';
import { describeWithPython, startPython } from '../servers/program';
import { applyToServer, applyToWebPage, examinedServer, fixed, ORIGIN, type Start } from './appliedFix';

/** Inserts the lines of the fix into a program, or its own code instead. */
function program(source: string, own = ''): Start {
  return (lines) => startPython(source.replace('#FIX', () => (lines.length === 0 ? own : lines.join('\n'))));
}

/** A request with a header that the server must list. */
const WITH_OWN_HEADER: Partial<PageCall> = {
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Mine', '1'],
  ],
};

describeWithPython('flask', 'flask_cors')('Flask (needs python3 with flask and flask_cors)', () => {
  const flask = (own: string, more = '') =>
    program(
      `
from flask import Flask, abort, jsonify, request
from flask_cors import CORS
from werkzeug.serving import make_server

app = Flask(__name__)
#FIX
${more}

@app.post('/items')
@app.post('/slash/')
def items():
    return jsonify([])

server = make_server('127.0.0.1', 0, app)
print(server.port, flush=True)
server.serve_forever()
`,
      own,
    );
  const guard = `
@app.before_request
def guard():
    if 'Authorization' not in request.headers:
        abort(401)
`;
  const optionsOnly = `
@app.after_request
def preflight(response):
    if request.method == 'OPTIONS':
        response.headers['Access-Control-Allow-Origin'] = '*'
        response.headers['Access-Control-Allow-Headers'] = 'Content-Type'
    return response
`;
  const secondHeader = `
@app.after_request
def second(response):
    response.headers.add('Access-Control-Allow-Origin', '*')
    return response
`;

  it.each([
    ['no CORS', flask(''), 'no-cors'],
    ['headers on OPTIONS only', flask('', optionsOnly), 'headers-on-options-only'],
    ['a guard that rejects preflights', flask('', `CORS(app)\n${guard}`), 'preflight-needs-credentials'],
    ['a guard without CORS', flask('', guard), 'preflight-needs-credentials'],
    ['flask-cors and code that adds the header', flask('', `${secondHeader}\nCORS(app)`), 'sent-twice'],
    ['a slash after the origin', flask(`CORS(app, origins='${ORIGIN}/')`), 'no-cors'],
    [
      'an origin that is not in the list',
      flask(`CORS(app, origins=['https://a.example', 'https://b.example'])`),
      'no-cors',
    ],
  ])('fixes %s', async (_cause, start, ruleId) => {
    expect(await applyToServer({ start })).toEqual(fixed(ruleId));
  });

  it('calls the URL of a redirect', async () => {
    expect(await applyToWebPage({ start: flask('', 'CORS(app)'), path: '/slash' })).toEqual(
      fixed('redirect'),
    );
  });

  it('accepts both paths with strict_slashes = False', async () => {
    const { findings } = await examinedServer(flask('', 'CORS(app)'), [], '/slash');
    const [line = ''] = /app\.url_map\.strict_slashes = False/.exec(findings[0]?.fix.description ?? '') ?? [];
    const { diagnosis } = await examinedServer(flask('', 'CORS(app)'), [line], '/slash');
    expect(diagnosis.verdict).toBe('allowed');
  });
});

describeWithPython('fastapi', 'uvicorn')('FastAPI (needs python3 with fastapi and uvicorn)', () => {
  const source = (more: string, rest = '') => `
import socket, uvicorn
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
${more}

@app.post('/items')
@app.post('/slash/')
def items():
    return []

@app.post('/crash')
def crash():
    raise ValueError('no')
${rest}
#FIX

listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen()
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level='critical')).run(sockets=[listener])
`;
  const middleware = (options: string) => `app.add_middleware(CORSMiddleware, ${options})`;
  const guard = `
@app.middleware('http')
async def guard(request, call_next):
    if 'authorization' not in request.headers:
        return Response(status_code=401)
    return await call_next(request)
`;
  const everything = middleware("allow_origins=['*'], allow_methods=['*'], allow_headers=['*']");

  it.each([
    ['no CORS', program(source('')), 'preflight-method'],
    [
      'a slash after the origin',
      program(source(''), middleware(`allow_origins=['${ORIGIN}/']`)),
      'starlette-disallowed',
    ],
    [
      'a header that is not listed',
      program(source(''), middleware(`allow_origins=['${ORIGIN}']`)),
      'starlette-disallowed',
    ],
    ['middleware that runs before CORS', program(source(everything, guard)), 'preflight-needs-credentials'],
  ])('fixes %s', async (_cause, start, ruleId) => {
    expect(await applyToServer({ start, call: WITH_OWN_HEADER })).toEqual(fixed(ruleId));
  });

  it('gives unhandled exceptions CORS headers too', async () => {
    expect(await applyToServer({ start: program(source(everything)), path: '/crash' })).toEqual(
      fixed('error-without-cors'),
    );
  });

  it('finds what else blocks the request at the URL of a redirect', async () => {
    const { findings } = await examinedServer(program(source('')), [], '/slash');
    expect(findings.map(({ ruleId }) => ruleId).slice(0, 2)).toEqual(['redirect', 'preflight-method']);
    const lines = findings[1]?.fix.lines ?? [];
    const { diagnosis } = await examinedServer(program(source('')), lines, '/slash/');
    expect(diagnosis.verdict).toBe('allowed');
  });
});

describeWithPython('django', 'corsheaders')('Django (needs python3 with django and corsheaders)', () => {
  const django = (own: string) =>
    program(
      `
import sys
from django.conf import settings
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

INSTALLED_APPS = ['django.contrib.contenttypes']
MIDDLEWARE = [
    'django.middleware.security.SecurityMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.middleware.clickjacking.XFrameOptionsMiddleware',
]
#FIX
names = {name: value for name, value in globals().items() if name.isupper()}
settings.configure(DEBUG=False, SECRET_KEY='x', ROOT_URLCONF=__name__, ALLOWED_HOSTS=['*'], **names)

def items(request):
    return JsonResponse([], safe=False)

urlpatterns = [path('items', csrf_exempt(require_POST(items))), path('slash/', csrf_exempt(items)), path('csrf', items)]

class QuietHandler(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass

application = get_wsgi_application()
server = WSGIServer(('127.0.0.1', 0), QuietHandler)
server.set_app(application)
print(server.server_port, flush=True)
server.serve_forever()
`,
      own,
    );
  const cors = (settings: string) =>
    `INSTALLED_APPS += ['corsheaders']\nMIDDLEWARE += ['corsheaders.middleware.CorsMiddleware']\n${settings}`;

  it.each([
    ['no CORS', django(''), 'preflight-method'],
    [
      'an origin that is not in the list',
      django(cors("CORS_ALLOWED_ORIGINS = ['https://a.example']")),
      'origin-not-allowed',
    ],
    [
      'a header that is not listed',
      django(cors(`CORS_ALLOWED_ORIGINS = ['${ORIGIN}']`)),
      'header-not-allowed',
    ],
  ])('fixes %s', async (_cause, start, ruleId) => {
    expect(await applyToServer({ start, call: WITH_OWN_HEADER })).toEqual(fixed(ruleId));
  });

  it('fixes credentials that are not allowed', async () => {
    const start = django(cors(`CORS_ALLOWED_ORIGINS = ['${ORIGIN}']`));
    expect(await applyToServer({ start, call: { credentials: 'include' } })).toEqual(
      fixed('credentials-not-allowed'),
    );
  });

  it('calls the URL of a redirect, and finds that CORS is missing there too', async () => {
    const { findings } = await examinedServer(django(''), [], '/slash');
    expect(findings.map(({ ruleId }) => ruleId).slice(0, 2)).toEqual(['redirect', 'no-cors']);
    const { diagnosis } = await examinedServer(django(''), findings[1]?.fix.lines ?? [], '/slash/');
    expect(diagnosis.verdict).toBe('allowed');
  });

  it('explains that the CSRF protection rejects a request that CORS allows', async () => {
    const start = django(cors(`CORS_ALLOWED_ORIGINS = ['${ORIGIN}']`));
    const { diagnosis, findings } = await examinedServer(start, [], '/csrf');
    expect(diagnosis.verdict).toBe('allowed');
    expect(findings[0]).toMatchObject({ ruleId: 'django-csrf', severity: 'warning' });
  });
});
