import { execFile } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { infrastructureFile, repositoryRoot } from './repository.js';
import type { Watcher } from './supervisor.js';

const run = promisify(execFile);

export const KAFKA_VERSION = '4.1.0';
const MAVEN_LIMIT_MS = 300_000;

/** The folder with Kafka's jars, or why it cannot be had here. */
export type KafkaJars = { readonly folder: string } | { readonly lacking: string };

/** Major version of the `java` on the PATH or in JAVA_HOME; undefined where there is none. */
export async function javaVersion(java: string): Promise<number | undefined> {
  try {
    const { stderr, stdout } = await run(java, ['-version'], { timeout: 10_000 });
    const match = /version "(?:1\.)?(\d+)/.exec(`${stderr}${stdout}`);
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}

export function javaCommand(environment: NodeJS.ProcessEnv): string {
  return environment.JAVA_HOME === undefined || environment.JAVA_HOME === '' ? 'java' : join(environment.JAVA_HOME, 'bin', 'java');
}

/**
 * Kafka's jars from the person's cache, filled by Maven at the first use (half a minute, 43 MB). The cache survives new clones.
 * Processes that fill it at the same time do not disturb each other: the first rename wins.
 */
export async function kafkaJars(environment: NodeJS.ProcessEnv, watcher: Watcher): Promise<KafkaJars> {
  const cache = cacheFolder(environment);
  const folder = join(cache, `kafka-${KAFKA_VERSION}`);
  if (existsSync(folder)) return { folder };
  if (!(await hasMaven())) return { lacking: 'Maven is not installed' };
  watcher.report(`Apache Kafka ${KAFKA_VERSION} is fetched once, with Maven, into ${folder}`);
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'kafka-draft-'));
  try {
    copyFileSync(infrastructureFile('kafka-pom.xml'), join(work, 'pom.xml'));
    const args = ['-B', '-q', '-f', join(work, 'pom.xml'), 'dependency:copy-dependencies', '-DincludeScope=runtime'];
    await run(MAVEN, [...args, `-DoutputDirectory=${join(work, 'jars')}`], {
      timeout: MAVEN_LIMIT_MS,
      signal: watcher.ending,
      shell: process.platform === 'win32',
    });
    renameUnlessThere(join(work, 'jars'), folder);
    return { folder };
  } catch (error) {
    return { lacking: `Maven could not fetch Kafka (${firstFault(error)})` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const MAVEN = process.platform === 'win32' ? 'mvn.cmd' : 'mvn';

async function hasMaven(): Promise<boolean> {
  try {
    await run(MAVEN, ['-v'], { timeout: 20_000, shell: process.platform === 'win32' });
    return true;
  } catch {
    return false;
  }
}

function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const xdg = environment.XDG_CACHE_HOME;
  const home = join(xdg === undefined || xdg === '' ? join(homedir(), '.cache') : xdg, 'priolane');
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
    return home;
  } catch {
    return join(repositoryRoot(), '.priolane', 'cache');
  }
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

function firstFault(error: unknown): string {
  const { stdout, message } = error as { stdout?: string; message: string };
  const fault = stdout?.split('\n').find((line) => line.includes('[ERROR]'));
  return (fault ?? message).replace('[ERROR] ', '').slice(0, 200);
}
