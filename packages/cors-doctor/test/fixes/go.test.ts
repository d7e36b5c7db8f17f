/** Applies the fixes for Go to real programs with net/http. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeIf, startProgram } from '../servers/program';
import { applyToServer, applyToWebPage, examinedServer, fixed, type Start } from './appliedFix';

/** Selects its handler by an argument, so that the program is built only once for each fix. */
const SOURCE = `package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
)

func items(w http.ResponseWriter, r *http.Request) {
	if os.Args[1] == "post-only" && r.Method != http.MethodPost {
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	if os.Args[1] == "twice" || os.Args[1] == "slash" {
		w.Header().Add("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
	}
	if os.Args[1] == "twice" {
		w.Header().Add("Access-Control-Allow-Origin", "*")
	}
	fmt.Fprint(w, "[]")
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/items", items)
	mux.HandleFunc("/slash/", items)
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	http.Serve(listener, HANDLER)
}
`;

describeIf('go', ['version'])('Go (needs go)', () => {
  let directory = '';
  const programs = new Map<string, Promise<string>>();

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'go-'));
  });

  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  async function build(lines: readonly string[]): Promise<string> {
    const handler = lines.length === 0 ? 'mux' : 'allowCORS(mux)';
    const name = join(directory, `server${programs.size}`);
    await writeFile(`${name}.go`, `${SOURCE.replace('HANDLER', handler)}\n${lines.join('\n')}\n`);
    const { PATH } = process.env;
    const env = {
      PATH,
      HOME: directory,
      GOCACHE: join(directory, 'cache'),
      GO111MODULE: 'off',
      GOFLAGS: '-mod=mod',
    };
    await promisify(execFile)('go', ['build', '-o', name, `${name}.go`], { env });
    return name;
  }

  const start =
    (handler: string): Start =>
    async (lines) => {
      const key = lines.join('\n');
      const built = programs.get(key) ?? build(lines);
      programs.set(key, built);
      return startProgram(await built, [handler]);
    };

  it.each([
    ['no CORS', 'plain', 'no-cors'],
    ['a handler that accepts only POST', 'post-only', 'preflight-method'],
  ])('fixes %s', async (_cause, handler, ruleId) => {
    expect(await applyToServer({ start: start(handler) })).toEqual(fixed(ruleId));
  });

  it('calls the URL of a redirect', async () => {
    expect(await applyToWebPage({ start: start('slash'), path: '/slash' })).toEqual(fixed('redirect'));
  });

  it('finds a header that the program adds twice', async () => {
    const { findings, platforms } = await examinedServer(start('twice'), []);
    expect(platforms).toEqual(['Go (net/http)']);
    expect(findings[0]).toMatchObject({ ruleId: 'sent-twice' });
    expect(findings[0]?.fix.description).toContain('w.Header().Set');
  });
});
