/** Sends small requests, as told by messages; stays, so that no turn has to compile its client first. */
const autocannon = require('autocannon');

/** Milliseconds between two looks at whether all is answered. */
const sampleInt = 10;

process.on('message', async (request) => {
  const { start, finish, errors, ...answers } = await autocannon({ ...request, connections: 10, sampleInt });
  process.send({ milliseconds: finish - start, successes: answers['2xx'], errors });
});
