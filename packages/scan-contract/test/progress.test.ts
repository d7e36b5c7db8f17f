/** Tests what the error stream shows during a run. */
import { createProgress } from '../src/progress';

const STATE = { done: 4, total: 10, name: 'A preflight returns 200' };

describe('createProgress', () => {
  it('replaces one line of a terminal, and never writes more than fits into it', () => {
    const written: string[] = [];
    const progress = createProgress({ isTTY: true, columns: 20, write: (text) => written.push(text) });
    progress.update(STATE);
    progress.clear();
    expect(written).toEqual(['\r\u001b[K5 of 10: A prefligh', '\r\u001b[K']);
  });

  it('writes a line every ten seconds to a stream that is not a terminal', () => {
    const written: string[] = [];
    let time = 0;
    const progress = createProgress({ write: (text) => written.push(text) }, () => time);
    for (time of [0, 9_999, 10_000, 15_000, 20_000]) progress.update({ ...STATE, done: time });
    progress.clear();
    expect(written.map((line) => line.split(' ')[0])).toEqual(['10000', '20000']);
  });
});
