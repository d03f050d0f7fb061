/** What happened in clearing, block by block, for the player's own books. */
import { type Chain, messageOf } from '@hanse/sdk/chain';
import type { ClearingBlock, ClearingEvent } from '../books/clearing.ts';
import type { Journal } from '../play/journal.ts';
import type { EventRecord } from './pipeline.ts';
import { type BlockId, type Snapshot, hashOfBlock, snapshotOf } from './snapshot.ts';
import { readCycle, readEncumbered } from './state.ts';

/** Blocks whose events a node still has, at least: it keeps the states of 256. */
const EVENTS_KEPT = 200;

/** A block with what happened in it, after one in which cycle `before` ran. */
export async function clearingIn(chain: Chain, block: BlockId, events: ClearingEvent[], before: number): Promise<ClearingBlock> {
	const { now, at } = await snapshotOf(chain, block);
	const cycle = await readCycle(chain.api, at);
	const found: ClearingBlock = { kind: 'clearing', block: block.number, now, cycle, events };
	if (cycle === before) return found;
	// It is settled before anything else happens in the block.
	const parent = await hashOfBlock(chain, block.number - 1);
	return { ...found, accrued: await readEncumbered(chain.api, { at: parent }) };
}

/** Notes in the journal what happened up to `here`, as far as the node remembers it. */
export async function noteClearing(chain: Chain, here: Snapshot, journal: Journal): Promise<void> {
	const last = journal.clearing.at(-1)?.block ?? journal.start.block.number;
	const numbers = Array.from({ length: Math.max(0, here.block.number - last) }, (_, i) => last + 1 + i);
	if (numbers.length <= EVENTS_KEPT) {
		try {
			for (const number of numbers) {
				const hash = await hashOfBlock(chain, number);
				const records = await chain.api.query.System.Events.getValue({ at: hash });
				journal.write(await clearingIn(chain, { number, hash }, clearingEvents(records), journal.cycle));
			}
			return;
		} catch (error) {
			if (!/discarded|unknown block/i.test(messageOf(error))) throw error;
		}
	}
	const [cycle, accrued] = await Promise.all([readCycle(chain.api, here.at), readEncumbered(chain.api, here.at)]);
	journal.write({ kind: 'clearing', block: here.block.number, now: here.now, cycle, accrued, events: [], gap: true });
}

/** What events of one block say of clearing. */
export function clearingEvents(records: readonly EventRecord[]): ClearingEvent[] {
	const transactionOf = ({ phase }: EventRecord) => (phase.type === 'ApplyExtrinsic' ? phase.value : undefined);
	// What an exchange or a refund owes must be paid: what backs points that are made is no debt.
	const makesPoints = ({ event }: EventRecord) =>
		event.type === 'Exchange' && (event.value.type === 'Exchanged' || event.value.type === 'Refunded');
	const gross = new Set(records.filter(makesPoints).map(transactionOf));
	return records.flatMap((record) => clearingEvent(record, gross.has(transactionOf(record))) ?? []);
}

function clearingEvent({ event: { type, value: event } }: EventRecord, atOnce: boolean): ClearingEvent | undefined {
	if (type !== 'Clearing') return undefined;
	switch (event.type) {
		case 'CreditLineGranted':
		case 'CreditLineAccepted': {
			const { creditor, debtor, new: limit } = event.value;
			return { kind: event.type === 'CreditLineGranted' ? 'lineGranted' : 'lineAccepted', creditor, debtor, limit: `${limit}` };
		}
		case 'ObligationSettled': {
			const { debtor, creditor, value, set_off: setOff, line } = event.value;
			return { kind: 'obligationSettled', debtor, creditor, value: `${value}`, setOff: `${setOff}`, onLine: `${line}`, atOnce };
		}
		case 'ReserveToppedUp':
			return { kind: 'reserveChanged', member: event.value.institution, by: `${event.value.amount}` };
		case 'ReserveDrawnDown':
		case 'PayoutRequested':
			return { kind: 'reserveChanged', member: event.value.institution, by: `-${event.value.amount}` };
		case 'InterchangeCollected':
			return { kind: 'reserveChanged', member: event.value.issuer, by: `-${event.value.value}` };
		case 'CycleSettled':
			return { kind: 'cycleSettled', positions: event.value.positions, moved: `${event.value.moved}` };
		case 'BondDrawn':
			return { kind: 'bondDrawn', debtor: event.value.debtor, creditor: event.value.creditor, value: `${event.value.value}` };
		case 'Overdue':
			return { kind: 'overdue', member: event.value.institution, age: event.value.age };
		case 'OverdueEnded':
			return { kind: 'overdueEnded', member: event.value.institution };
		default:
			return undefined;
	}
}
