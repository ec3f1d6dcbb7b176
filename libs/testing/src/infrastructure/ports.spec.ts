import { createServer, type Server } from 'node:net';
import { freePort, isPortFree } from './ports.js';

function listen(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

describe('ports', () => {
  it('gives out different free ones', async () => {
    const ports = await Promise.all(Array.from({ length: 10 }, freePort));
    expect(new Set(ports).size).toBe(10);
    for (const port of ports) expect(await isPortFree(port)).toBe(true);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('are not free when someone listens on %s', async (host) => {
    const port = await freePort();
    const server = await listen(port, host);
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});
