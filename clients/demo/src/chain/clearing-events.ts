/** What happened in clearing, block by block, for the player's own books. */
import { type Chain, messageOf } from '@hanse/sdk/chain';
import type { ClearingBlock, ClearingEvent } from '../books/clearing.ts';
import { clearingOf } from '../books/compare-clearing.ts';
import { changesAtRest } from '../books/rest.ts';
import type { Journal } from '../play/journal.ts';
import { UnexpectedState } from './errors.ts';
import type { EventRecord } from './pipeline.ts';
import { type BlockId, type Snapshot, hashOfBlock, snapshotOf } from './snapshot.ts';
import { readCycle, readEncumbered, readOwed, readReserveFlows, readReturned } from './state.ts';

/** Blocks that are read one by one whatever happened in them: a node keeps the states of 256. */
const FEW_BLOCKS = 200;

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

/** Notes in the journal what happened up to `here`. */
export async function noteClearing(chain: Chain, here: Snapshot, journal: Journal): Promise<void> {
	const last = journal.clearing.at(-1)?.block ?? journal.start.block.number;
	const { block: { number: newest }, now } = here;
	if (newest - last > FEW_BLOCKS) {
		const changes = await changesIfAtRest(chain, here, journal);
		const cycle = await readCycle(chain.api, here.at);
		if (changes) return journal.write({ kind: 'clearing', block: newest, now, cycle, events: changes });
	}
	if (newest > last) await ensureState(chain, last + 1);
	for (let number = last + 1; number <= newest; number++) {
		const hash = await hashOfBlock(chain, number);
		const records = await chain.api.query.System.Events.getValue({ at: hash });
		journal.write(await clearingIn(chain, { number, hash }, clearingEvents(records), journal.cycle));
	}
}

/** The node still has the state of the block after which the journal knows nothing. */
async function ensureState(chain: Chain, number: number): Promise<void> {
	try {
		await chain.request('state_getRuntimeVersion', await hashOfBlock(chain, number));
	} catch (error) {
		if (!/discarded|unknown block/i.test(messageOf(error))) throw error;
		throw new UnexpectedState(
			`the journal ends before block ${number}, members settled with each other after it, and the node keeps no state ` +
				'of that block any more: play into a fresh chain, whose node was started with --state-pruning archive',
		);
	}
}

async function changesIfAtRest({ api }: Chain, { at }: Snapshot, { start, clearing }: Journal): Promise<ClearingEvent[] | undefined> {
	const { CreditLines, Positions } = api.query.Clearing;
	const [lines, positions, owed, returned, flows] = await Promise.all([
		CreditLines.getEntries(at), Positions.getEntries(at), readOwed(api, at), readReturned(api, at), readReserveFlows(api, at),
	]);
	return changesAtRest(clearingOf(start, clearing), start, {
		lines: lines.map(({ keyArgs: [creditor, debtor], value }) => ({ creditor, debtor, ...value })),
		positions: positions.length,
		owed, returned, flows,
	});
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
