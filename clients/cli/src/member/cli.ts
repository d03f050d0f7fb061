/** From the command line to a command. */
import { parseArgs } from 'node:util';
import { ConnectionLost, type Chain, connect, messageOf } from '@hanse/sdk/pjs/chain';
import { Refused } from '@hanse/sdk/pjs/errors';
import { NoSuchMotion } from '@hanse/sdk/pjs/motions';
import { operate, setKeys, watchAuthority } from './authority.ts';
import { accountFrom, delegate } from './delegates.ts';
import { type Desk, Failed, type Say, WrongUsage, hint, readKey, sender } from './desk.ts';
import { line } from './lines.ts';
import { apply } from './membership.ts';
import { showRules, status } from './status.ts';
import { applyUpgrade } from './upgrade.ts';
import { usage } from './usage.ts';
import { castVote, closeMotion, motions, proposeMotion, watch } from './voting.ts';

const OPTIONS = {
	url: { type: 'string', default: 'ws://127.0.0.1:9944' },
	key: { type: 'string' },
	'key-file': { type: 'string' },
	for: { type: 'string' },
	help: { type: 'boolean', short: 'h', default: false },
	name: { type: 'string' },
	document: { type: 'string' },
	charter: { type: 'string' },
	aye: { type: 'boolean', default: false },
	node: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse>['values'];

interface Command {
	/** The words after its name. */
	words: string;
	/** How many of them there may be. */
	arity: [least: number, most: number];
	/** Options of its own. */
	options?: (keyof Values)[];
	/** Whether it signs. */
	signs: boolean;
	/** `false` if it ended in a no, which is an exit code of 1. */
	run(desk: Desk, words: string[], values: Values): Promise<boolean | void>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
	status: { words: '', arity: [0, 0], signs: false, run: status },
	rules: { words: '', arity: [0, 0], signs: false, run: showRules },
	motions: { words: '', arity: [0, 0], signs: false, run: motions },
	watch: { words: 'MOTION', arity: [1, 1], signs: false, run: (desk, [motion = '']) => watch(desk, motion) },
	authority: { words: '', arity: [0, 0], signs: false, run: watchAuthority },
	apply: {
		words: '--name NAME [--document FILE]', arity: [0, 0], options: ['name', 'document'], signs: true,
		run: (desk, _, { name, document }) => apply(desk, name ?? '', document),
	},
	propose: {
		words: 'WHAT ...', arity: [1, 4], options: ['charter', 'aye'], signs: true,
		run: (desk, words, { charter, aye }) => proposeMotion(desk, words, charter, aye),
	},
	vote: {
		words: 'MOTION aye|nay', arity: [2, 2], signs: true,
		run: (desk, [motion = '', choice]) => castVote(desk, motion, oneOf(choice, 'aye', 'nay') === 'aye'),
	},
	close: { words: 'MOTION', arity: [1, 1], signs: true, run: (desk, [motion = '']) => closeMotion(desk, motion) },
	keys: {
		words: '[--node URL]', arity: [0, 0], options: ['node'], signs: true,
		run: (desk, _, { node }) => setKeys(desk, node),
	},
	operate: {
		words: 'on|off', arity: [1, 1], signs: true,
		run: (desk, [choice]) => operate(desk, oneOf(choice, 'on', 'off') === 'on'),
	},
	upgrade: {
		words: 'apply WASMFILE', arity: [2, 2], signs: true,
		run: (desk, [verb, file = '']) => (oneOf(verb, 'apply'), applyUpgrade(desk, file)),
	},
	line: {
		words: 'grant|accept ID AMOUNT', arity: [3, 3], signs: true,
		run: (desk, [verb, id = '', amount = '']) => line(desk, oneOf(verb, 'grant', 'accept'), id, amount),
	},
	delegate: {
		words: 'add|remove TYPE ACCOUNT', arity: [3, 3], signs: true,
		run: (desk, [verb, type = '', who = '']) => delegate(desk, oneOf(verb, 'add', 'remove'), type, who),
	},
};

function oneOf<T extends string>(word: string | undefined, ...choices: T[]): T {
	const found = choices.find((choice) => choice === word);
	if (!found) throw new WrongUsage(`${choices.join(' or ')} was expected, not ${word}`);
	return found;
}

function parse(args: string[]) {
	try {
		return parseArgs({ args, options: OPTIONS, allowPositionals: true });
	} catch (error) {
		throw new WrongUsage(messageOf(error));
	}
}

/** Does what the words say; the exit code. What is to be read goes to `say`, complaints to `complain`. */
export async function run(args: string[], say: Say, complain: Say): Promise<number> {
	let chain: Chain | undefined;
	try {
		const { values, positionals } = parse(args);
		const [name, ...words] = positionals;
		if (values.help || name === undefined || name === 'help') {
			(values.help || name ? say : complain)(usage());
			return values.help || name ? 0 : 2;
		}
		const command = checked(name, words, values);
		for (const url of [values.url, values.node ?? values.url]) {
			if (!/^wss?:\/\//.test(url)) throw new WrongUsage(`${url}: give an address like ws://127.0.0.1:9944`);
		}
		const key = readKey(values.key, values['key-file'], complain);
		if (command.signs && !key) throw new WrongUsage(`${name} needs a key: --key-file FILE with its secret on the first line`);
		const principal = values.for === undefined ? undefined : accountFrom(values.for);
		chain = await connect(values.url, 5_000);
		const desk: Desk = { chain, say, account: principal ?? key?.address, act: sender(chain, key, principal) };
		return (await Promise.race([command.run(desk, words, values), chain.lost])) === false ? 1 : 0;
	} catch (error) {
		return explainFailure(error, complain, chain);
	} finally {
		await chain?.close().catch(() => {});
	}
}

function checked(name: string, words: string[], values: Values): Command {
	const command = COMMANDS[name];
	if (!command) throw new WrongUsage(`there is no command ${name}`);
	const [least, most] = command.arity;
	const right = `usage: scripts/member ${name} ${command.words}`.trimEnd();
	if (words.length < least || words.length > most) throw new WrongUsage(right);
	for (const option of ['name', 'document', 'charter', 'aye', 'node'] as const) {
		if (values[option] && !command.options?.includes(option)) throw new WrongUsage(`${name} takes no --${option}; ${right}`);
	}
	return command;
}

function explainFailure(error: unknown, complain: Say, chain: Chain | undefined): number {
	if (error instanceof WrongUsage || error instanceof NoSuchMotion) {
		complain(`member: ${error.message}; see scripts/member --help`);
		return 2;
	}
	complain(`member: ${messageOf(error)}`);
	const more = error instanceof Refused ? hint(error) : undefined;
	if (more) complain(more);
	// Others are what the node or the library says of a request, or a mistake of this tool.
	const known = error instanceof Refused || error instanceof Failed || error instanceof ConnectionLost;
	if (!known && chain?.api.isConnected && process.env['DEBUG']) complain(`${(error as Error)?.stack}`);
	return 1;
}
