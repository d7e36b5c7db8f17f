import { gzipSync } from 'node:zlib';
import request from 'supertest';
import type { Environment } from '../../src/config';
import type { Repository } from '../../src/scan/repository';
import { pageOf, repositoryOf, testApp } from '../helpers/servedApp';

/** Posts with the tables that were scanned, to see that a refused request costs nothing. */
function appWith(environment?: Environment) {
  const scanned: string[] = [];
  const records = repositoryOf(pageOf('{"id":"a"}'));
  const repository: Repository = {
    ...records,
    scanPage(call, ...rest) {
      scanned.push(call.TableName);
      return records.scanPage(call, ...rest);
    },
  };
  return { scanned, post: () => request(testApp(repository, environment).app).post('/scanRecords') };
}

const ALL = { Items: [{ id: 'a' }], Count: 1, ScannedCount: 1 };

describe('the body of POST /scanRecords', () => {
  it('may be absent', async () => {
    const { post } = appWith();
    const response = await post();
    expect(response.status).toBe(200);
    expect(response.type).toBe('application/json');
    expect(response.body).toEqual(ALL);
  });

  it('counts as absent when it has no bytes, whatever its type', async () => {
    const { post } = appWith();
    const response = await post().set('Content-Type', 'text/plain').set('Content-Length', '0');
    expect(response.body).toEqual(ALL);
  });

  test.each([
    ['an empty object', '{}', 'application/json'],
    ['an object with a charset', '{}', 'application/json; charset=utf-8'],
    ['the table by name', '{"TableName":"RecordsTable"}', 'application/json'],
  ])('may be %s', async (_, body, type) => {
    const { post } = appWith();
    const response = await post().set('Content-Type', type).send(body);
    expect(response.body).toEqual(ALL);
  });

  it('may be compressed', async () => {
    const { post } = appWith();
    const response = await post()
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      .serialize((body) => body as unknown as string)
      .send(gzipSync('{}') as unknown as string);
    expect(response.body).toEqual(ALL);
  });

  test.each([
    ['no JSON', '{', 400, 'InvalidJson', 'not JSON'],
    ['no object', '[]', 400, 'InvalidRequest', 'a JSON object'],
    ['null', 'null', 400, 'InvalidRequest', 'a JSON object'],
    ['an unknown member', '{"Tablename":"x"}', 400, 'InvalidRequest', '"Tablename"'],
    ['an unknown member of a dangerous name', '{"__proto__":{}}', 400, 'InvalidRequest', '"__proto__"'],
    ['a member of the wrong type', '{"TableName":5}', 400, 'InvalidRequest', 'TableName'],
    ['a table outside the list', '{"TableName":"Users"}', 403, 'TableNotAllowed', 'ALLOWED_TABLES'],
    ['too large', JSON.stringify({ TableName: 'x'.repeat(300_000) }), 413, 'BodyTooLarge', '262144'],
  ])('is refused, and costs no read, when it is %s', async (_, body, status, code, detail) => {
    const { post, scanned } = appWith();
    const response = await post().set('Content-Type', 'application/json').send(body);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({
      type: 'about:blank',
      status,
      code,
      detail: expect.stringContaining(detail) as string,
      requestId: response.get('X-Request-Id'),
    });
    expect(scanned).toEqual([]);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/problem+json',
  ])('is refused with 415 when it is sent as %s', async (type) => {
    const { post, scanned } = appWith();
    const response = await post().set('Content-Type', type).send('{}');
    expect(response.status).toBe(415);
    expect(response.body).toMatchObject({
      detail: expect.stringContaining('Content-Type: application/json') as string,
    });
    expect(scanned).toEqual([]);
  });

  it('is refused with 415 in an encoding that is not known', async () => {
    const { post } = appWith();
    const response = await post()
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'zip')
      .send('{}');
    expect(response.status).toBe(415);
  });

  it('may name any table that ALLOWED_TABLES lists', async () => {
    const { post, scanned } = appWith({ ALLOWED_TABLES: 'Orders, Customers' });
    await post().send({ TableName: 'Customers' }).expect(200);
    expect(scanned).toEqual(['Customers']);
  });
});

describe('a refused body', () => {
  it('that is no gzip, though it says so, is the client’s mistake', async () => {
    const { post } = appWith();
    const response = await post()
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      .send('{}');
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ code: 'InvalidBody' });
  });

  it('with thousands of unknown members has a short answer all the same', async () => {
    const { post } = appWith();
    const members = Array.from({ length: 20_000 }, (_, index) => [`x${index}`, 1]);
    const response = await post().send(Object.fromEntries(members) as object);
    expect(response.status).toBe(400);
    expect(response.text.length).toBeLessThan(1000);
  });
});

describe('RESPONSE_SHAPE=array', () => {
  it('makes the answer the bare array of records', async () => {
    const { post } = appWith({ RESPONSE_SHAPE: 'array' });
    expect((await post()).body).toEqual([{ id: 'a' }]);
  });
});
