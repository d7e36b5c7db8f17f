/** Preloaded into each server: tells where it listens, and what memory it takes. */
import { Server, type AddressInfo } from 'node:net';

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the server as `this`
const { emit } = Server.prototype;
Server.prototype.emit = function (this: Server, event: string, ...values: unknown[]) {
  if (event === 'listening') process.send?.({ port: (this.address() as AddressInfo).port });
  return Reflect.apply(emit, this, [event, ...values]) as boolean;
};

process.on('message', () => {
  process.send?.({ rss: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 });
});
