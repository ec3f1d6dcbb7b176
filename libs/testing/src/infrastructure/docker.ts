import { existsSync } from 'node:fs';
import { request, type RequestOptions } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { tcpProbe } from './readiness.js';

const LIMIT_MS = 1_500;

export interface DockerAnswer {
  readonly answers: boolean;
  /** In words, for the line that says what was chosen. */
  readonly why: string;
}

/** Whether a Docker engine answers; says no within two seconds where none does. */
export async function askDocker(environment: NodeJS.ProcessEnv = process.env): Promise<DockerAnswer> {
  const host = environment.DOCKER_HOST;
  if (host !== undefined && host !== '') return askHost(host);
  for (const socketPath of usualSockets(environment)) {
    if (await pings({ socketPath })) return { answers: true, why: `Docker answers at ${socketPath}` };
  }
  return { answers: false, why: 'no Docker engine answers' };
}

async function askHost(host: string): Promise<DockerAnswer> {
  const url = new URL(host);
  const answers = await (async () => {
    if (url.protocol === 'unix:') return pings({ socketPath: url.pathname });
    // Behind TLS only testcontainers knows the certificates; that someone listens has to do.
    if (url.port === '2376') return tcpProbe(2_376, url.hostname)();
    if (url.protocol === 'tcp:' || url.protocol === 'http:') return pings({ host: url.hostname, port: url.port || 2_375 });
    return false;
  })();
  return { answers, why: answers ? `Docker answers at ${host}` : `no Docker engine answers at DOCKER_HOST ${host}` };
}

function usualSockets(environment: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform === 'win32') return ['\\\\.\\pipe\\docker_engine'];
  const candidates = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock'), join(homedir(), '.colima/default/docker.sock')];
  if (environment.XDG_RUNTIME_DIR !== undefined) candidates.push(join(environment.XDG_RUNTIME_DIR, 'docker.sock'));
  return candidates.filter((path) => existsSync(path));
}

function pings(target: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ ...target, path: '/_ping', signal: AbortSignal.timeout(LIMIT_MS) }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('error', () => resolve(false));
    ping.end();
  });
}
