/** The help, written from the tables of commands. */
import { COMMANDS, usageOf } from './commands.ts';
import { PROPOSALS } from '@hanse/sdk/decisions';

const HEAD = `Usage: scripts/member [options] COMMAND ...

What the administrator of an institution does with the alliance's chain: ask for admission, vote, run an
authority, and see where everybody stands.`;

export const GLOBAL = [
	['--url URL', 'a node of the chain (default: ws://127.0.0.1:9944)'],
	['--key-file FILE', 'a file whose first line is the secret of your key: the better way'],
	['--key SECRET', "the secret itself: a phrase, a seed, or //Alice. Others see it in the process list and in the shell's history, so only for development chains"],
	['--for ACCOUNT', 'in whose name: with the key of one of its delegates, or without a key to look only'],
	['--help', 'this text; after a command, its own'],
] as const;

const TAIL = `Examples:
  scripts/member status
  scripts/member --key-file key apply --name "Elbe Eggs" --document charter.pdf
  scripts/member --key-file key propose admit 5 --aye
  scripts/member --key-file key propose amend session 20m --charter rules-2027.pdf
  scripts/member --key-file key vote 3 aye
  scripts/member --key-file key keys --node ws://127.0.0.1:9955
  scripts/member --for 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY status

Exit codes: 0 done (watch: it was carried), 1 refused, failed or no connection, 2 wrong usage (nothing was sent).`;

/** Columns of a screen, and where explanations begin. */
const [WIDTH, COLUMN] = [112, 34];

export function usage(): string {
	const groups = new Map<string, string[]>();
	for (const command of COMMANDS) {
		const lines = groups.get(command.group) ?? [];
		// What can be proposed comes before what is done with it.
		if (lines.length === 0 && command.group.startsWith('Decide')) lines.push(...proposals());
		groups.set(command.group, [...lines, ...row(usageOf(command), command.help)]);
	}
	const blocks = [...groups].map(([group, lines]) => [`${group}:`, ...lines].join('\n'));
	const options = ['Options:', ...GLOBAL.flatMap(([option, help]) => row(option, help))].join('\n');
	return [HEAD, ...blocks, options, TAIL].join('\n\n');
}

const proposals = () => [
	...PROPOSALS.flatMap((proposal) => row(`propose ${usageOf(proposal)}`, proposal.charter ? `${proposal.help}; with --charter FILE, the text of the rules` : proposal.help)),
	...row('', 'with --aye you vote for your proposal at once'),
];

/** What is typed, and beside it what it does, in as many lines as that takes. */
function row(typed: string, help: string): string[] {
	const lines: string[] = [];
	let line = `  ${typed}`.padEnd(COLUMN);
	if (typed !== '' && line.trimEnd().length > COLUMN - 2) lines.push(line.trimEnd()), (line = ' '.repeat(COLUMN));
	for (const word of help.split(' ')) {
		if (line.length + word.length + 1 > WIDTH) lines.push(line.trimEnd()), (line = ' '.repeat(COLUMN));
		line += line.length === COLUMN ? word : ` ${word}`;
	}
	return [...lines, line.trimEnd()];
}
