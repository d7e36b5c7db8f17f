/** Tests that a requested file name is safe on every system, and arrives unchanged where it can. */
import fc from 'fast-check';
import { attachment, safeFileName } from '../../../src/scan/respond/fileName';

describe('safeFileName', () => {
  it.each([
    ['quakes', 'quakes.csv'],
    ['quakes.csv', 'quakes.csv'],
    ['quakes.CSV', 'quakes.CSV'],
    ['quakes.csv.exe', 'quakes.csv.exe.csv'],
    ['', 'Orders.csv'],
    ['   ', 'Orders.csv'],
    ['...', 'Orders.csv'],
    ['..', 'Orders.csv'],
    ['.htaccess', 'htaccess.csv'],
    ['../../etc/passwd', '_.._etc_passwd.csv'],
    ['..\\..\\boot.ini', '_.._boot.ini.csv'],
    ['C:\\a', 'C__a.csv'],
    ['a\0b', 'a_b.csv'],
    ['a\r\nX: b', 'a__X_ b.csv'],
    ['a"b', 'a_b.csv'],
    ['invoice\u202Evsc.exe', 'invoice_vsc.exe.csv'],
    ['zero\u200Bwidth', 'zero_width.csv'],
    ['line\u2028end', 'line_end.csv'],
    ['lone \uD800', 'lone _.csv'],
    ['CON', '_CON.csv'],
    ['nul.txt', '_nul.txt.csv'],
    ['com1', '_com1.csv'],
    ['console', 'console.csv'],
    ['trailing. .', 'trailing.csv'],
    ['Übung 2', 'Übung 2.csv'],
    ['地震 😀', '地震 😀.csv'],
  ])('of %j is %j', (requested, expected) => {
    expect(safeFileName(requested, 'Orders', 'csv')).toBe(expected);
  });

  it('is by default the name of the table in an ARN', () => {
    const arn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders';
    expect(safeFileName('', arn, 'json')).toBe('Orders.json');
  });
});

describe('attachment', () => {
  it.each([
    ['a.csv', 'attachment; filename="a.csv"'],
    ['a b.csv', 'attachment; filename="a b.csv"'],
    ['100%.csv', `attachment; filename="100_.csv"; filename*=UTF-8''100%25.csv`],
    ['é.csv', `attachment; filename="_.csv"; filename*=UTF-8''%C3%A9.csv`],
    ["é'()*.csv", `attachment; filename="_'()*.csv"; filename*=UTF-8''%C3%A9%27%28%29%2A.csv`],
    ['😀.csv', `attachment; filename="_.csv"; filename*=UTF-8''%F0%9F%98%80.csv`],
  ])('names %s', (fileName, expected) => {
    expect(attachment(fileName)).toBe(expected);
  });

  it('is a header of one line with one name, whatever the client requests', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (requested) => {
        const fileName = safeFileName(requested, 'Orders', 'csv');
        const value = attachment(fileName);
        expect(value).toMatch(
          /^attachment; filename="[ !#-$&-[\]-~]+\.csv"(?:; filename\*=UTF-8''(?:[\w!#$&+.^`|~-]|%[0-9A-F]{2})+)?$/i,
        );
        const [, ascii = '', extended = ascii] =
          /filename="(.*?)"(?:; filename\*=UTF-8''(\S+))?$/.exec(value) ?? [];
        expect(decodeURIComponent(extended)).toBe(fileName);
      }),
      { numRuns: 1000 },
    );
  });
});
