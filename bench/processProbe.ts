/** Preloaded into each server process: reports its port, its CPU time and its memory to the benchmark. */
import { Server, type AddressInfo } from 'node:net';

// eslint-disable-next-line @typescript-eslint/unbound-method -- Reflect.apply passes the server as `this`
const { emit } = Server.prototype;
Server.prototype.emit = function (this: Server, event: string, ...values: unknown[]) {
  if (event === 'listening') {
    const { user, system } = process.cpuUsage();
    process.send?.({ port: (this.address() as AddressInfo).port, cpuMicroseconds: user + system });
  }
  return Reflect.apply(emit, this, [event, ...values]) as boolean;
};

process.on('message', () => {
  process.send?.({ rss: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 });
});
