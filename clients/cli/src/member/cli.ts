/** From the command line to a command. */
import { Refused } from '@hanse/sdk/errors';
import { NoSuchMotion } from '@hanse/sdk/motions';
import { NotTaken } from '@hanse/sdk/send';
import { Argument, Command as Program, Help, Option } from 'commander';
import { ConnectionLost, type Say, WrongUsage, checked, endOf, messageOf, throwInsteadOfExit, withChain } from '../program.ts';
import { account, choicesOf } from '@hanse/sdk/typed';
import { COMMANDS, type Command, type Given, OPTIONS, usageOf } from './commands.ts';
import { PROPOSALS } from '@hanse/sdk/decisions';
import { type Desk, Failed, hint, readBytes, readKey, sender } from './desk.ts';
import { usage } from './usage.ts';
import { proposeMotion } from './voting.ts';

/** What all commands take. */
interface Common {
	url: string;
	key?: string;
	keyFile?: string;
	for?: string;
}

/** Does what the words say; the exit code. What is to be read goes to `say`, complaints to `complain`. */
export async function run(args: string[], say: Say, complain: Say): Promise<number> {
	let carried = true;
	const work = async (name: string, signs: boolean, does: (desk: Desk) => Promise<boolean | void>) => {
		carried = (await atDesk(program.opts<Common>(), name, signs, say, complain, does)) !== false;
	};
	const program = build(work, say, complain);
	try {
		await program.parseAsync(args, { from: 'user' });
		return carried ? 0 : 1;
	} catch (error) {
		const end = endOf(error);
		if (end === 'fine' || end === 'usage') return end === 'fine' ? 0 : 2;
		return explainFailure(end ?? error, complain);
	}
}

type Work = (name: string, signs: boolean, does: (desk: Desk) => Promise<boolean | void>) => Promise<void>;

/** The tables, as commander takes them. */
function build(work: Work, say: Say, complain: Say): Program {
	const program = new Program('scripts/member');
	throwInsteadOfExit(program, say, complain);
	program
		.option('--url <URL>', '', 'ws://127.0.0.1:9944').option('--key <SECRET>').option('--key-file <FILE>').option('--for <ACCOUNT>')
		.configureHelp({ formatHelp: (shown, helper) => (shown === program ? usage() : Help.prototype.formatHelp.call(helper, shown, helper)) });
	for (const command of COMMANDS) {
		add(program, command).action((...given) => {
			const typed = command.words.map((_, i) => `${given[i]}`);
			return work(command.name, command.signs, (desk) => command.run(desk, typed, given[command.words.length]));
		});
	}
	const propose = program.command('propose').description('put something to the vote').option('--aye', 'vote for it at once');
	propose.option(`--charter <${OPTIONS.charter[0]}>`, OPTIONS.charter[1]);
	for (const proposal of PROPOSALS) {
		add(propose, { ...proposal, options: [] }).action((...given) => {
			const typed = proposal.words.map((_, i) => `${given[i]}`);
			const { aye = false, charter } = propose.opts<{ aye?: boolean } & Given>();
			return work('propose', true, (desk) => proposeMotion(desk, proposal, typed, charter, aye));
		});
	}
	return program;
}

/** One row of a table. */
function add(program: Program, row: Pick<Command, 'name' | 'words' | 'options' | 'help'>): Program {
	const added = program.command(row.name).description(row.help).usage(usageOf(row).slice(row.name.length + 1));
	for (const word of row.words) {
		const [argument, choices] = [new Argument(`<${word}>`), choicesOf(word)];
		added.addArgument(choices ? argument.choices(choices) : argument);
	}
	for (const option of row.options) added.addOption(new Option(`--${option} <${OPTIONS[option][0]}>`, OPTIONS[option][1]));
	return added;
}

async function atDesk<T>(
	common: Common, name: string, signs: boolean, say: Say, complain: Say, does: (desk: Desk) => Promise<T>,
): Promise<T> {
	checked(common.url);
	const key = readKey(common.key, common.keyFile, complain);
	if (signs && !key) throw new WrongUsage(`${name} needs a key: --key-file FILE with its secret on the first line`);
	const principal = common.for === undefined ? undefined : account(common.for);
	return withChain(common.url, (chain) =>
		does({ chain, say, read: readBytes, account: principal ?? key?.address, act: sender(chain, key, principal) }));
}

function explainFailure(error: unknown, complain: Say): number {
	if (error instanceof WrongUsage || error instanceof NoSuchMotion) {
		complain(`member: ${error.message}; see scripts/member --help`);
		return 2;
	}
	complain(`member: ${messageOf(error)}`);
	const more = error instanceof Refused ? hint(error) : undefined;
	if (more) complain(more);
	// Others are what the node or the library says of a request, or a mistake of this tool.
	const known = [Refused, NotTaken, Failed, ConnectionLost].some((kind) => error instanceof kind);
	if (!known && error instanceof Error && process.env['DEBUG']) complain(`${error.stack}`);
	return 1;
}
