import { readOptions } from './options.js';

function read(...args: string[]): { options?: ReturnType<typeof readOptions>; said: string } {
  let said = '';
  try {
    return { options: readOptions(args, { write: (text) => (said += text) }), said };
  } catch {
    return { said };
  }
}

describe('the options of a run', () => {
  it('are all rules on a stack of its own where nothing is said', () => {
    expect(read().options).toEqual({ json: false, running: false });
  });

  it('name a desk, a rule and a stack', () => {
    expect(read('--desk', 'packages', '--rule', 'PKG-16', '--json', '--stack', 'stack.json').options).toEqual({
      desk: 'packages',
      rule: 'PKG-16',
      json: true,
      running: false,
      stack: 'stack.json',
    });
  });

  it.each([
    [['--desk', 'garage'], 'fleet, officehours, webshop, hosting, packages'],
    [['--rule', 'PKG-21'], 'there is no rule PKG-21; they are FLT-1 to PKG-20'],
    [['--desk', 'fleet', '--rule', 'PKG-1'], 'PKG-1 is a rule of the desk packages'],
    [['--running', '--stack', 'stack.json'], 'cannot be used with option'],
    [['--help'], 'like PKG-16'],
  ])('say what is wrong with %s', (args, words) => {
    const { options, said } = read(...args);
    expect(options).toBeUndefined();
    expect(said).toContain(words);
  });
});
