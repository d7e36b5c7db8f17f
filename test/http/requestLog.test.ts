import express, { type RequestHandler } from 'express';
import request from 'supertest';
import { requestLog } from '../../src/http/requestLog';
import { HttpProblem } from '../../src/http/problem';
import { collectingLogger, pageOf, repositoryOf, testApp } from '../helpers/servedApp';

const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'));

describe('requestLog', () => {
  it('logs a client error as a warning with its code and without a stack', async () => {
    const { app, log } = testApp(REPOSITORY);
    await request(app).post('/scanRecords').send({ Limit: 0 });
    expect(log).toMatchObject([
      { level: 40, status: 400, error: { name: 'HttpProblem', code: 'InvalidRequest' } },
    ]);
    expect(log[0]).not.toHaveProperty('error.stack');
  });

  it('logs an unexpected error with its stack and its cause', async () => {
    const cause = Object.assign(new Error('the disk is full'), { secret: 'x' });
    const scanPage = () => Promise.reject(new TypeError('no such thing', { cause }));
    const { app, log } = testApp({ ...REPOSITORY, scanPage });
    await request(app).post('/scanRecords');
    expect(log).toMatchObject([
      {
        level: 50,
        status: 500,
        error: {
          name: 'TypeError',
          message: 'no such thing',
          stack: expect.stringContaining('requestLog.test') as string,
          cause: { message: 'the disk is full' },
        },
      },
    ]);
    expect(JSON.stringify(log)).not.toContain('secret');
  });

  it('logs a write after the end without a crash', async () => {
    const { app, log } = appWithLog((_request, response) => {
      response.end('whole');
      response.write('more');
    });
    const { text } = await request(app).get('/');
    expect(text).toBe('whole');
    expect(log).toMatchObject([{ level: 50, status: 200, error: { message: 'write after end' } }]);
  });

  it('keeps the first of two errors', async () => {
    const { app, log } = appWithLog((_request, response) => {
      response.err = new HttpProblem('InvalidRequest', 'the first');
      response.end();
      response.write('more');
    });
    await request(app).get('/');
    expect(log).toMatchObject([{ error: { code: 'InvalidRequest' } }]);
  });
});

function appWithLog(handler: RequestHandler) {
  const { logger, log } = collectingLogger();
  return { app: express().use(requestLog(logger), handler), log };
}
