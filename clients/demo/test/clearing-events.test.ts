/** What events of a block say of clearing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearingEvents, noteClearing } from '../src/chain/clearing-events.ts';
import { UnexpectedState } from '../src/chain/errors.ts';
import type { EventRecord } from '../src/chain/pipeline.ts';
import { SHOPS } from '../src/plan/shops.ts';
import type { Journal } from '../src/play/journal.ts';

const record = (transaction: number, event: EventRecord['event']): EventRecord =>
	({ phase: { type: 'ApplyExtrinsic', value: transaction }, event, topics: [] });
const settled = (transaction: number) => record(transaction, {
	type: 'Clearing',
	value: { type: 'ObligationSettled', value: { debtor: 1, creditor: 2, value: 2n ** 70n, set_off: 5n, line: 7n } },
});

test('an obligation is settled with what the event says, to the last unit', () => {
	assert.deepEqual(clearingEvents([settled(3)]), [
		{ kind: 'obligationSettled', debtor: 1, creditor: 2, value: '1180591620717411303424', setOff: '5', onLine: '7', atOnce: false },
	]);
});

test('only what the transaction of an exchange owes is owed at once', () => {
	const exchanged = record(4, {
		type: 'Exchange', value: { type: 'Exchanged', value: { who: '', from: 1, amount: 1n, to: 2, out: 1n, value: 1n } },
	});
	const atOnce = clearingEvents([settled(3), settled(4), exchanged]).map((event) => event.kind === 'obligationSettled' && event.atOnce);
	assert.deepEqual(atOnce, [false, true]);
});

test('money that leaves a reserve is negative, and what is not of clearing is nothing', () => {
	const drawn = record(1, { type: 'Clearing', value: { type: 'ReserveDrawnDown', value: { institution: 5, amount: 350n } } });
	const moved = record(1, { type: 'System', value: { type: 'NewAccount', value: { account: '' } } });
	assert.deepEqual(clearingEvents([moved, drawn]), [{ kind: 'reserveChanged', member: 5, by: '-350' }]);
});

/** A chain on which members did nothing to each other, or owe each other on so many lines; its states are gone. */
const forgetful = (positions: number): any => {
	const entries = (all: unknown[]) => ({ getEntries: async () => all });
	const flows = { topped_up: 0n, drawn_down: 0n, interchange: 0n, bond_paid: 0n, bond_received: 0n };
	const Clearing = {
		CreditLines: entries([]), Positions: entries(Array(positions)), Turnover: entries([]), RefundTurnover: entries([]),
		ReserveFlowsOf: { getValues: async () => SHOPS.map(() => ({ ...flows, interchange: 7n })) },
		CurrentCycle: { getValue: async () => ({ index: 9 }) },
	};
	const request = async (method: string) => (method === 'state_getRuntimeVersion' ? assert.fail('State already discarded for 0x01') : '0x01');
	return { api: { query: { Clearing } }, request };
};
const here = { block: { number: 1_000, hash: '0x02' }, now: 5, at: { at: '0x02' } };

/** What is noted of that chain in a journal that ends long before. */
async function noted(positions: number): Promise<unknown[]> {
	const entries: unknown[] = [];
	const nothing = SHOPS.map(() => '0');
	const start = { block: { number: 10, hash: '0x00' }, reserves: nothing, reserveFlows: [], bond: '0', cycle: 1 };
	const journal = { start, clearing: [], cycle: 1, write: (entry: unknown) => void entries.push(entry) } as unknown as Journal;
	await noteClearing(forgetful(positions), here, journal);
	return entries;
}

test('of a long time in which members left each other alone the totals say what changed', async () => {
	const events = SHOPS.map(({ institution }) => ({ kind: 'reserveChanged', member: institution, by: '-7' }));
	assert.deepEqual(await noted(0), [{ kind: 'clearing', block: 1_000, now: 5, cycle: 9, events }]);
});

test('what they did to each other in blocks that the node forgot is not guessed', async () => {
	await assert.rejects(noted(1), (error) => error instanceof UnexpectedState && /ends before block 11, .* keeps no state/.test(error.message));
});
