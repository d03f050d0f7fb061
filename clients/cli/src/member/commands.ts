/** What the tool can do: one row for each command, with its words, its options, its help and what it does. */
import { DELEGATES } from '@hanse/sdk/delegates';
import { choicesOf, type Words, readWords } from '@hanse/sdk/typed';
import { operate, setKeys, watchAuthority } from './authority.ts';
import { sendCall } from './calls.ts';
import { delegate } from './delegates.ts';
import type { Desk } from './desk.ts';
import { line } from './lines.ts';
import { apply } from './membership.ts';
import { showRules, status } from './status.ts';
import { applyUpgrade } from './upgrade.ts';
import { castVote, closeMotion, motions, watch } from './voting.ts';

/** Options that some commands take: what follows them, and what they are for. */
export const OPTIONS = {
	name: ['NAME', 'what the institution is called'],
	document: ['FILE', 'its document; the chain keeps the hash'],
	node: ['URL', "your authority's node, if it is not --url"],
	charter: ['FILE', 'the text in which the rules are written down'],
} as const;
export type Option = keyof typeof OPTIONS;
export type Given = Partial<Record<Option, string>>;

export interface Command {
	group: string;
	name: string;
	words: readonly string[];
	options: readonly Option[];
	help: string;
	/** Whether it needs a key. */
	signs: boolean;
	/** `false` if it ended in a no, which is an exit code of 1. */
	run(desk: Desk, typed: string[], given: Given): Promise<boolean | void>;
}

function command<const W extends readonly string[]>(
	row: Omit<Command, 'words' | 'options' | 'run'> & {
		words?: W;
		options?: readonly Option[];
		run(desk: Desk, words: Words<W>, given: Given): Promise<boolean | void>;
	},
): Command {
	const { words, options = [], run, ...rest } = row;
	return { ...rest, options, words: words ?? [], run: (desk, typed, given) => run(desk, readWords<W>(words ?? ([] as unknown as W), typed), given) };
}

const look = { group: 'Look', signs: false };
const decide = { group: 'Decide (MOTION: its number, or its hash)', signs: true };
const authority = { group: 'Run an authority', signs: true };

export const COMMANDS: readonly Command[] = [
	command({ ...look, name: 'status', help: 'who is a member, who makes blocks, and your own standing', run: status }),
	command({ ...look, name: 'rules', help: 'what the members agreed on, rule by rule', run: showRules }),
	command({ ...look, name: 'motions', help: 'what is being voted on, and what was decided and waits for its notice', run: motions }),
	command({ ...look, name: 'watch', words: ['MOTION'], help: 'follow a motion until it is decided', run: (desk, [motion]) => watch(desk, motion) }),
	command({ ...look, name: 'authority', help: 'follow your authority until it makes blocks', run: watchAuthority }),
	command({
		group: 'Belong', signs: true, name: 'apply', options: ['name', 'document'],
		help: "ask for admission; holds the bond. The chain keeps the document's hash",
		run: (desk, _, { name = '', document }) => apply(desk, name, document),
	}),
	command({
		...decide, name: 'vote', words: ['MOTION', 'aye|nay'], help: 'the last vote counts',
		run: (desk, [motion, choice]) => castVote(desk, motion, choice === 'aye'),
	}),
	command({
		...decide, name: 'close', words: ['MOTION'], help: "do what was decided; the proposer's deposit is free again",
		run: (desk, [motion]) => closeMotion(desk, motion),
	}),
	command({
		...authority, name: 'keys', options: ['node'],
		help: 'make keys on your authority\'s node and set them; the node must run with --rpc-methods unsafe meanwhile',
		run: (desk, _, { node }) => setKeys(desk, node),
	}),
	command({
		...authority, name: 'operate', words: ['on|off'], help: 'want to run an authority, or not any more',
		run: (desk, [choice]) => operate(desk, choice === 'on'),
	}),
	command({
		...authority, name: 'upgrade', words: ['apply', 'WASMFILE'], help: 'bring the code that was decided on to the chain; anybody can',
		run: (desk, [, file]) => applyUpgrade(desk, file),
	}),
	command({
		group: 'Settle with the others (AMOUNT: settlement units, 0 to take it back)', signs: true,
		name: 'line', words: ['grant|accept', 'ID', 'AMOUNT'],
		help: 'grant: let another one owe you so much, as far as it accepts; accept: owe another one so much, as far as it grants',
		run: (desk, [verb, id, amount]) => line(desk, verb, id, amount),
	}),
	command({
		group: 'Share the work', signs: true, name: 'delegate', words: ['add|remove', 'TYPE', 'ACCOUNT'],
		help: `let another key act for you, in one of: ${Object.entries(DELEGATES).map(([type, what]) => `${type} (${what})`).join(', ')}`,
		run: (desk, [verb, type, who]) => delegate(desk, verb, type, who),
	}),
	command({
		group: 'Share the work', signs: false, name: 'send', words: ['CALL'],
		help: 'say what a call is that hanse-gateway printed (0x…), and, with a key, sign and send it',
		run: (desk, [call]) => sendCall(desk, call),
	}),
];

/** As it is typed: a choice as it is, and what stands for something in capitals. */
export const usageOf = ({ name, words, options = [] }: Pick<Command, 'name' | 'words'> & { options?: readonly Option[] }): string =>
	[name, ...words, ...options.map((option) => `[--${option} ${OPTIONS[option][0]}]`)].join(' ');

export { choicesOf };
