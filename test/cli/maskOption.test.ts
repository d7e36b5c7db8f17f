import { parseMask } from '../../src/cli/maskOption';

describe('parseMask', () => {
  it('parses the method of each attribute', () => {
    expect([...parseMask(['email=hash', 'address=redact', 'name=fake'])]).toEqual([
      ['email', 'hash'],
      ['address', 'redact'],
      ['name', 'fake'],
    ]);
    expect(parseMask([]).size).toBe(0);
  });

  it.each(['a.b', 'a=b', '=', '__proto__', 'é x'])('accepts the attribute name %s', (name) => {
    expect([...parseMask([`${name}=hash`])]).toEqual([[name, 'hash']]);
  });

  it.each<[values: string[], message: string]>([
    [
      ['email'],
      '--mask "email": use ATTRIBUTE=METHOD, for example --mask email=hash. The methods are hash, redact or fake.',
    ],
    [
      ['=hash'],
      '--mask "=hash": use ATTRIBUTE=METHOD, for example --mask email=hash. The methods are hash, redact or fake.',
    ],
    [
      ['email=hsah'],
      '--mask "email=hsah": "hsah" is not a method. Did you mean hash? Use hash, redact or fake.',
    ],
    [['email='], '--mask "email=": "" is not a method. Use hash, redact or fake.'],
    [
      ['email=Hash'],
      '--mask "email=Hash": "Hash" is not a method. Did you mean hash? Use hash, redact or fake.',
    ],
    [['email=encrypt'], '--mask "email=encrypt": "encrypt" is not a method. Use hash, redact or fake.'],
    [['email=hash', 'email=hash'], '--mask has two methods for the attribute "email". Use one of them.'],
  ])('rejects %j', (values, message) => {
    expect(() => parseMask(values)).toThrow(
      expect.objectContaining({ name: 'UsageError', message }) as Error,
    );
  });
});
