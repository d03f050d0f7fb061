/** What the tool is asked, and its help: one table. */
import { Command, Help } from 'commander';
import { type Say, throwInsteadOfExit } from '../program.ts';
import { COLUMNS, DUE_COLUMNS } from './show.ts';

export interface Options {
	url: string;
	program?: string;
	institution?: string;
	at?: string;
	all: boolean;
	due: boolean;
	table: boolean;
	raw: boolean;
}

/** By what they are about. */
const GROUPS: readonly [group: string, options: readonly [option: string, help: string][]][] = [
	["A program's books", [
		['--program <ID>', 'the program, by its number'],
		['--at <DATE>', 'the period in which this moment lies (default: the one that runs). DATE like 2027-03-31,\n2027-03-31T18:00 or 2027-03-31T18:00:00+02:00; UTC if it does not say'],
		['--all', 'every period that the chain remembers, the oldest first: twelve, with the one that runs'],
		['--due', 'the liability at the end of the period instead, by the moment at which points expire'],
		['--table', 'for people instead of CSV: one column for each period, and what is owed at the end of the last'],
	]],
	["An institution's statement, as it is now", [
		['--institution <ID>', 'what stands behind its points, what it owes other members and is owed on lines, what is granted\nand accepted, what happened to its points, and what is owed, by expiry'],
	]],
	['Options', [
		['--raw', 'smallest units of points and millionths of a settlement unit, instead of whole ones'],
		['--url <URL>', 'a node of the chain (default: ws://127.0.0.1:9944)'],
	]],
];

/** Where explanations begin. */
const COLUMN = 21;

const HEAD = `Usage: scripts/accounts [options] --program ID
       scripts/accounts [options] --institution ID

What an auditor or a supervisor needs of the ledger: the roll-forward of one program's points over a period,
checked, as CSV on the standard output. Everything is read at the newest final block; notes go to the standard
error. It needs no key.`;

const TAIL = `Checked each time: opening, plus what came, less what went, is the closing; so is the liability by expiry; each
period opens as the one before closed; what an institution owes is the sum over its programs, and over its
positions by cycle.

The chain remembers twelve periods of each program. Older ones are in the states of older blocks, which a node
keeps that was started with --state-pruning archive: give its --url.

Examples:
  scripts/accounts --program 3
  scripts/accounts --program 3 --at 2027-03-31 > march.csv
  scripts/accounts --program 3 --all --due --raw > liability.csv
  scripts/accounts --program 3 --all --table
  scripts/accounts --institution 2
  scripts/accounts --url wss://archive.example --program 3 --at 2025-01-31

Exit codes: 0 done, 1 no connection, or there are no such books, 2 wrong usage, 3 the books do not add up.`;

export function usage(): string {
	const row = (option: string, help: string) =>
		`  ${option.replace(/[<>]/g, '')}`.padEnd(COLUMN) + help.replaceAll('\n', `\n${' '.repeat(COLUMN)}`);
	const groups = GROUPS.map(([group, options]) => {
		const rows = options.map(([option, help]) => row(option, help));
		return [`${group}:`, ...rows, ...(group === 'Options' ? [row('--help', 'this text')] : [])].join('\n');
	});
	return [HEAD, ...groups, columns(), TAIL].join('\n\n');
}

/** What the columns are called, on lines that fit. */
function columns(): string {
	const text = `Columns: ${COLUMNS.join(', ')}; with --due: ${DUE_COLUMNS.join(', ')}. Moments are in UTC; a period that ` +
		"runs is until the block that was read. Points are in whole points with the program's decimals, pending awards included, " +
		'values in settlement units.';
	return text.replace(/(.{1,108})(?: |$)/g, '$1\n').trimEnd();
}

/** The table, as commander takes it. */
export function program(say: Say, complain: Say): Command {
	const made = new Command('scripts/accounts');
	throwInsteadOfExit(made, say, complain);
	made.configureHelp({ formatHelp: (shown, helper) => (shown === made ? usage() : Help.prototype.formatHelp.call(helper, shown, helper)) });
	for (const [option] of GROUPS.flatMap(([, options]) => options)) {
		if (option.startsWith('--url')) made.option(option, '', 'ws://127.0.0.1:9944');
		else if (option.includes('<')) made.option(option, '');
		else made.option(option, '', false);
	}
	return made.allowExcessArguments(false).action(() => {});
}
