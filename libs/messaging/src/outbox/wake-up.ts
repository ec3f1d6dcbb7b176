import { EventEmitter } from 'node:events';

/**
 * Tells the relay of this process that something was committed. Process-wide, as the commit knows no relay; a relay of
 * another database that is woken as well finds nothing and goes back to sleep.
 */
const commits = new EventEmitter().setMaxListeners(0);

export function appended(): void {
  commits.emit('appended');
}

/** Answers how to stop listening. */
export function onAppended(listener: () => void): () => void {
  commits.on('appended', listener);
  return () => commits.off('appended', listener);
}
