/** What happened in clearing, block by block, for the player's own books. */
import type { EventRecord } from '@polkadot/types/interfaces';
import { type BlockId, type Chain, messageOf } from '@hanse/sdk/pjs/chain';
import { amount } from '@hanse/sdk/money';
import type { Cleared, Happening } from './clearing.ts';
import type { Journal } from './journal.ts';
import { readClaims, readCycle, readNow } from './state.ts';

/** Blocks whose events a node still has, at least: it keeps the states of 256. */
const EVENTS_KEPT = 200;

/** A block in which `happened` happened, after one in which cycle `before` ran. */
export async function clearedIn(chain: Chain, block: BlockId, happened: Happening[], before: number): Promise<Cleared> {
	const state = await chain.api.at(block.hash);
	const [now, cycle] = await Promise.all([readNow(state), readCycle(state)]);
	const cleared: Cleared = { kind: 'cleared', block: block.number, now, cycle, happened };
	if (cycle === before) return cleared;
	// It is settled before anything else happens in the block.
	const { parentHash } = await chain.api.rpc.chain.getHeader(block.hash);
	return { ...cleared, accrued: await readClaims(await chain.api.at(parentHash)) };
}

/** Notes in the journal what happened up to `here`, as far as the node remembers it. */
export async function follow(chain: Chain, here: BlockId, journal: Journal): Promise<void> {
	const { start } = journal;
	if (!start) return;
	const last = journal.cleared.at(-1)?.block ?? start.block.number;
	const numbers = Array.from({ length: Math.max(0, here.number - last) }, (_, i) => last + 1 + i);
	if (numbers.length <= EVENTS_KEPT) {
		try {
			for (const number of numbers) {
				const hash = (await chain.api.rpc.chain.getBlockHash(number)).toHex();
				const records = await (await chain.api.at(hash)).query.system.events();
				journal.write(await clearedIn(chain, { number, hash }, happenings([...records]), journal.cycle));
			}
			return;
		} catch (error) {
			if (!/discarded|unknown block/i.test(messageOf(error))) throw error;
		}
	}
	const state = await chain.api.at(here.hash);
	const [now, cycle, accrued] = await Promise.all([readNow(state), readCycle(state), readClaims(state)]);
	journal.write({ kind: 'cleared', block: here.number, now, cycle, accrued, happened: [], gap: true });
}

/** What events of one block say of clearing. */
export function happenings(records: EventRecord[]): Happening[] {
	const inExtrinsic = ({ phase }: EventRecord) => (phase.isApplyExtrinsic ? phase.asApplyExtrinsic.toNumber() : -1);
	// What an exchange owes must be paid: what backs the new points is no debt.
	const exchanges = new Set(records.filter(({ event }) => event.section === 'exchange' && event.method === 'Exchanged').map(inExtrinsic));
	return records
		.filter(({ event }) => event.section === 'clearing')
		.flatMap((record) => happening(record, exchanges.has(inExtrinsic(record))) ?? []);
}

function happening({ event }: EventRecord, atOnce: boolean): Happening | undefined {
	const data = event.data.toJSON() as unknown[];
	const id = (place: number) => Number(data[place]);
	const value = (place: number) => `${amount(data[place])}`;
	switch (event.method) {
		case 'LineGranted':
		case 'LineAccepted':
			return { what: event.method === 'LineGranted' ? 'line' : 'accepted', creditor: id(0), debtor: id(1), limit: value(3) };
		case 'ObligationSettled':
			return { what: 'met', debtor: id(0), creditor: id(1), value: value(2), setOff: value(3), line: value(4), atOnce };
		case 'ReserveToppedUp':
			return { what: 'moved', member: id(0), by: value(1) };
		case 'ReserveDrawnDown':
		case 'DefundStarted':
		case 'InterchangeCollected':
			return { what: 'moved', member: id(0), by: `-${value(1)}` };
		case 'CycleSettled':
			return { what: 'settled', positions: id(1), moved: value(2) };
		case 'BondDrawn':
			return { what: 'drawn', debtor: id(0), creditor: id(1), value: value(2) };
		case 'Overdue':
			return { what: 'overdue', member: id(0), age: id(1) };
		case 'OverdueEnded':
			return { what: 'onTime', member: id(0) };
		default:
			return undefined;
	}
}
