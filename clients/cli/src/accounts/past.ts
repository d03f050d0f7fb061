/** Periods that the chain remembers no more, from the states of old blocks. */
import { type Hex } from '@hanse/sdk/bytes';
import { type Chain, messageOf } from '@hanse/sdk/chain';
import { count } from '@hanse/sdk/money';
import { type Period, type State, momentOf, rollForward } from '@hanse/sdk/books';

/** The node keeps no states that are as old as what was asked for. */
export class NoState extends Error {}

/** Blocks within which books that are due get closed: one block closes those of a few programs only. */
const PATIENCE = 100;

/** Final blocks, one state after the other. */
export interface Blocks {
	/** The number of the newest. */
	head: number;
	/** Throws [`NoState`] if the node has not kept it. */
	at(number: number): Promise<State>;
}

export function blocksOf({ api, request }: Chain, head: number): Blocks {
	const at = async (number: number) => {
		const hash = await request<Hex>('chain_getBlockHash', number);
		try {
			// Past the library, which complains on the screen where there is no state.
			await request('state_getRuntimeVersion', hash);
		} catch (error) {
			if (isPruned(messageOf(error))) throw new NoState(`the node keeps no state of block ${count(number)}`);
			throw error;
		}
		return { api, at: hash };
	};
	return { head, at };
}

/** Whether an answer of a node means that it once had what was asked for. */
export const isPruned = (message: string) => /discarded|unknown ?block|unable to retrieve header/i.test(message);

/** The number of the first block at or after `moment`; `undefined` if there is none yet. */
export async function firstAt(
	moment: number,
	{ head }: Pick<Blocks, 'head'>,
	momentAt: (number: number) => Promise<number>,
): Promise<number | undefined> {
	if ((await momentAt(head)) < moment) return undefined;
	// The genesis has no moment.
	let [before, found] = [0, head];
	while (before + 1 < found) {
		const middle = Math.floor((before + found) / 2);
		if ((await momentAt(middle)) < moment) before = middle;
		else found = middle;
	}
	return found;
}

/** The books of the period of `program` in which `at` lies, as they stood when it had ended. */
export async function oldPeriod(blocks: Blocks, program: number, at: number): Promise<Period | undefined> {
	const momentAt = async (number: number) => momentOf(await blocks.at(number));
	const closed = async (number: number, ends?: number) => {
		const state = await blocks.at(number);
		const [period, moment] = await Promise.all([rollForward(state, program, at), momentOf(state)]);
		// One that runs is up to the block that was asked.
		return period && (period.until < moment || period.until === ends) ? period : undefined;
	};
	const first = await firstAt(at, blocks, momentAt);
	if (first === undefined) return undefined;
	const already = await closed(first);
	if (already) return already;
	const ends = await endOfPeriod(await blocks.at(first), program);
	const due = ends === undefined ? undefined : await firstAt(ends, blocks, momentAt);
	if (due === undefined) return undefined;
	// The block at which the books are due closes them, or one soon after it.
	for (let number = due; number <= Math.min(due + PATIENCE, blocks.head); number++) {
		const period = await closed(number, ends);
		if (period) return period;
	}
	return undefined;
}

/** When the books of `program` are closed next, as `state` has it. */
async function endOfPeriod({ api, ...where }: State, program: number): Promise<number | undefined> {
	// A key is the moment and the program, both big-endian.
	const entries = await api.query.Points.PeriodEnds.getEntries(where);
	const found = entries.find(({ keyArgs: [[, id]] }) => Number(BigInt(id)) === program);
	return found && Number(BigInt(found.keyArgs[0][0]));
}
