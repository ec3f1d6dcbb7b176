// Plain JavaScript, because Jest's set-up and the keeper run without a build.

/** Whether there is a process with this pid, whosever it is. */
export function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
