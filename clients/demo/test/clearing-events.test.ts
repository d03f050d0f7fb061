/** What events of a block say of clearing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearingEvents } from '../src/chain/clearing-events.ts';
import type { EventRecord } from '../src/chain/pipeline.ts';

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
