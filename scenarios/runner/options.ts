import { Command, Option } from 'commander';
import { DESK_OF_RULES, deskOf, RULES } from '../rules.js';

export interface Options {
  readonly desk?: string;
  readonly rule?: string;
  readonly json: boolean;
  /** Use the stack that `npm start` has running here. */
  readonly running: boolean;
  /** Use the stack that this file describes. */
  readonly stack?: string;
}

/** @throws CommanderError after it has said what is wrong, or has shown the help */
export function readOptions(args: readonly string[], output: { readonly write: (text: string) => void }): Options {
  const program = new Command('npm run scenarios --')
    .description('Shows the rules of the five desks on running services, through their public interfaces.')
    .addOption(new Option('--desk <desk>', 'the rules of one desk').choices(Object.values(DESK_OF_RULES)))
    .option('--rule <id>', 'one rule, like PKG-16')
    .option('--json', 'one JSON document in place of text', false)
    .option('--running', 'use the stack that `npm start` has running here, in place of one of its own', false)
    .addOption(new Option('--stack <file>', 'use the stack that this stack.json describes').conflicts('running'))
    .addHelpText('after', '\nThe clock of the stack is moved forwards by months: use one that is there for this.')
    .configureOutput({ writeErr: output.write, writeOut: output.write })
    .exitOverride();
  program.parse(args, { from: 'user' });
  const options = program.opts<Options>();
  if (options.rule !== undefined && !RULES.some((rule) => rule.id === options.rule)) {
    program.error(`error: there is no rule ${options.rule}; they are ${RULES[0]!.id} to ${RULES.at(-1)!.id}`);
  }
  if (options.rule !== undefined && options.desk !== undefined && deskOf(options.rule) !== options.desk) {
    program.error(`error: ${options.rule} is a rule of the desk ${deskOf(options.rule)}`);
  }
  return options;
}
