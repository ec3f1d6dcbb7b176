import getPort, { portNumbers } from 'get-port';
import { createServer } from 'node:net';

/** Below the range from which systems give out ports for outgoing connections: those could take a port before its server. */
const FREE_RANGE = { from: 20_000, to: 31_000 };

/** A port that no one listens on and that this process was not given before. */
export async function freePort(): Promise<number> {
  const from = FREE_RANGE.from + Math.floor(Math.random() * (FREE_RANGE.to - FREE_RANGE.from));
  return getPort({ port: portNumbers(from, FREE_RANGE.to + 1_000), reserve: true });
}

/** Whether a server could listen on the port, both on the loopback address alone and on every address. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, undefined));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
