import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { askDocker } from './docker.js';

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

describe('the question whether Docker answers', () => {
  it('is a yes when the engine answers a ping', async () => {
    const engine = createServer((request, response) => {
      response.statusCode = request.url === '/_ping' ? 200 : 404;
      response.end();
    });
    const host = `tcp://127.0.0.1:${await listening(engine)}`;
    expect(await askDocker({ DOCKER_HOST: host })).toEqual({ answers: true, why: `Docker answers at ${host}` });
    engine.close();
  });

  it.each(['tcp://127.0.0.1:1', 'unix:///nowhere/docker.sock', 'ssh://127.0.0.1'])('is a no at %s', async (host) => {
    expect(await askDocker({ DOCKER_HOST: host })).toEqual({ answers: false, why: `no Docker engine answers at DOCKER_HOST ${host}` });
  });

  it('is a no after two seconds of a machine at leisure when someone listens and says nothing', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => undefined));
    const port = await listening(silent);
    const start = performance.now();
    expect((await askDocker({ DOCKER_HOST: `tcp://127.0.0.1:${port}` })).answers).toBe(false);
    expect(performance.now() - start).toBeLessThan(20_000);
    silent.close();
  });
});
