/** Sends small requests as parent messages order. One process for all rounds, so that its code is compiled once. */
const autocannon = require('autocannon');

/** Interval at which autocannon checks whether all responses have arrived. */
const SAMPLE_INTERVAL_MS = 10;

process.on('message', async (request) => {
  const { start, finish, errors, ...statuses } = await autocannon({
    ...request,
    connections: 10,
    sampleInt: SAMPLE_INTERVAL_MS,
  });
  process.send({ milliseconds: finish - start, successes: statuses['2xx'], errors });
});
