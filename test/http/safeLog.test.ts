import { pino } from 'pino';
import { escapeLine } from '../../src/http/safeLog';

describe('escapeLine', () => {
  it.each([
    ['a C1 control', 'a\u009b31mb', 'a\\u009b31mb'],
    ['DEL', 'a\u007fb', 'a\\u007fb'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a right-to-left override', 'a\u202eb', 'a\\u202eb'],
    ['a directional isolate', 'a\u2066b', 'a\\u2066b'],
    ['a letter', 'ä\u4e2d', 'ä\u4e2d'],
    ['an escape that is only text', 'a\\u009bb', 'a\\u009bb'],
  ])('shows %s', (_what, text, expected) => {
    let line = '';
    const log = pino({ hooks: { streamWrite: escapeLine } }, { write: (written) => void (line = written) });
    log.info({ client: text }, text);
    expect(JSON.parse(line)).toMatchObject({ client: expected, msg: expected });
  });
});
