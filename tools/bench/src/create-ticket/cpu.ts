import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const TICK_US = 10_000;

/** CPU time that a process and its descendants have used so far, in µs; undefined where there is no /proc. */
export function cpuOf(root: number): number | undefined {
  try {
    const processes = new Map<number, { parent: number; ticks: number }>();
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const stat = read(`/proc/${entry}/stat`);
      if (!stat) continue;
      // utime and stime; cutime and cstime of the root only, for children of its that are gone.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
      const own = fields[11]! + fields[12]!;
      processes.set(Number(entry), { parent: fields[1]!, ticks: Number(entry) === root ? own + fields[13]! + fields[14]! : own });
    }
    let ticks = 0;
    for (const [pid, { ticks: own }] of processes) if (descends(processes, pid, root)) ticks += own;
    return ticks * TICK_US;
  } catch {
    return undefined;
  }
}

function descends(processes: ReadonlyMap<number, { parent: number }>, pid: number, root: number): boolean {
  for (let at: number | undefined = pid; at; at = processes.get(at)?.parent) if (at === root) return true;
  return false;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // it ended meanwhile
  }
}
