/** Members settle with each other: lines, positions, the end of a cycle, and money that comes and goes by the agent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Codec } from '@polkadot/types/types';
import { compactAddLength, compactStripLength, hexToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import type { HexString } from '@polkadot/util/types';
import { type Chain, type State, call, sleep, storage } from '../lib/chain.ts';
import { type KeyringPair, wellKnown } from '../lib/keys.ts';
import { amount } from '../lib/amount.ts';
import { Network } from '../lib/network.ts';
import { eventData, send } from '../lib/send.ts';
import { writeSpec } from '../lib/spec.ts';
import {
	ALICE, BOB, CHARLIE, DAVE, UNIT, alice, bob, charlie, createProgram, dave, eraNow, eve, expectRefusals, expectUnsponsored, json, moneyOf,
	newHash, newKey, newOrder, register, reserveOf,
} from './support.ts';

/** Long enough for what must happen in one of them, in milliseconds. */
const CYCLE = 15_000;
const [agent, auditor] = ['One', 'Two'].map(wellKnown) as [KeyringPair, KeyringPair];

const network = new Network(
	writeSpec({
		founders: ['Alice', 'Bob', 'Charlie', 'Dave'],
		authorities: ['Alice'],
		rules: { cycle: CYCLE, exchangeAge: 0 },
		agent: 'One',
		auditor: 'Two',
		endowed: [[agent.address, 100n * UNIT], [auditor.address, 100n * UNIT]],
	}),
);
/** Customers, so that payments do not wait for each other. */
const [payer, other, third, fourth] = [eve, newKey(), newKey(), newKey()] as const;
let chain: Chain;
let era: number;
/** Programs of the four, whose smallest unit is worth 0.01. */
let air: number;
let books: number;
let cog: number;
let store: number;

before(async () => {
	({ Alice: { chain } } = await network.authorities(['Alice']));
	while ((await json(chain, 'timestamp', 'now')) === 0) await sleep(200);
	era = await eraNow(chain);
	const terms = { faceValue: 10_000 };
	[air, books, cog, store] = await Promise.all([
		createProgram(chain, alice, 'AIR', terms), createProgram(chain, bob, 'BOOK', terms), createProgram(chain, charlie, 'COG', terms),
		createProgram(chain, dave, 'STORE', terms),
	]);
	await register(chain, charlie, CHARLIE, payer, other, third, fourth);
	const issue = (program: number, to: KeyringPair) =>
		call(chain.api, 'points', 'issue', program, to.address, 50_000n, { era, commitment: newOrder() });
	await Promise.all([
		send(chain, alice, issue(air, payer)), send(chain, bob, issue(books, other)), send(chain, charlie, issue(cog, fourth)),
		send(chain, dave, issue(store, third)),
	]);
});
after(() => network.stop());

const cycleNow = async (): Promise<{ index: number; began: number }> => json(chain, 'clearing', 'currentCycle');
const grant = (debtor: number, limit: bigint) => call(chain.api, 'clearing', 'grantCreditLine', debtor, limit);
const accept = (creditor: number, limit: bigint) => call(chain.api, 'clearing', 'acceptCreditLine', creditor, limit);
const pay = (merchant: number, units: bigint, program: number) =>
	call(chain.api, 'exchange', 'pay', merchant, { era, commitment: newOrder() }, units * UNIT, [{ program, maxPoints: 50_000n }]);
/** What is left of a price for the merchant. */
const net = (units: bigint) => (units * UNIT * 995n) / 1_000n;
const reserves = () => Promise.all([alice, bob, charlie, dave].map((who) => reserveOf(chain, who)));
const met = async (sent: ReturnType<typeof send>) => {
	const [debtor, creditor, ...values] = eventData(await sent, 'clearing', 'ObligationSettled');
	return [debtor, creditor, ...values.map(amount)];
};

/** Waits until a cycle has just begun, so that there is time in it. */
async function freshCycle(): Promise<number> {
	for (;;) {
		const [{ index, began }, now] = await Promise.all([cycleNow(), json(chain, 'timestamp', 'now')]);
		if (now < began + (2 * CYCLE) / 5) return index;
		await sleep(100);
	}
}

/** Waits for the end of cycle `index`; the block that has it, and its events of clearing. */
async function endOf(index: number): Promise<{ block: HexString; extrinsics: number; events: [method: string, data: unknown[]][] }> {
	const { api } = chain;
	while ((await cycleNow()).index <= index) await sleep(100);
	let header = await api.rpc.chain.getHeader();
	for (;;) {
		const before = await api.at(header.parentHash);
		const { index: earlier } = (await storage(before, 'clearing', 'currentCycle')()).toJSON() as { index: number };
		if (earlier <= index) break;
		header = await api.rpc.chain.getHeader(header.parentHash);
	}
	const state = await api.at(header.hash);
	const { block } = await api.rpc.chain.getBlock(header.hash);
	const records = await state.query.system.events();
	const events = records.filter(({ event }) => event.section === 'clearing')
		.map(({ event }): [string, unknown[]] => [event.method, event.data.toJSON() as unknown[]]);
	return { block: header.hash.toHex(), extrinsics: block.extrinsics.length, events };
}

/** What storage says of an institution, as a statement has it. */
async function stored(state: State, id: number, who: KeyringPair) {
	const read = async (item: string, ...keys: unknown[]) => (await storage(state, 'clearing', item)(...keys)).toJSON() as any;
	const holds = (await storage(state, 'balances', 'holds')(who.address)).toJSON() as { id: { clearing?: string }; amount: unknown }[];
	const reserve = amount(holds.find(({ id }) => id.clearing === 'Reserve')?.amount);
	const [claim, debt, overdue, arrears] = await Promise.all([read('encumbrances', id), read('bondDebts', id), read('overdue', id), read('arrears', id)]);
	const positions = [];
	for (const other of [ALICE, BOB, CHARLIE, DAVE].filter((other) => other !== id)) {
		const [line, granted] = await Promise.all([read('creditLines', other, id), read('creditLines', id, other)]);
		if (!line && !granted) continue;
		const position = await read('positions', [Math.min(id, other), Math.max(id, other)]);
		const debts = (position?.debts ?? []).map(({ cycle, value }: any) => ({ cycle, value: amount(value) }));
		const total = debts.reduce((sum: bigint, { value }: { value: bigint }) => sum + value, 0n);
		const owes = position?.lowOwes === id < other;
		positions.push({
			with: other, owes: owes ? total : 0n, isOwed: owes ? 0n : total, line: amount(line?.limit ?? 0),
			accepted: amount(line?.accepted ?? 0), granted: amount(granted?.limit ?? 0), grantedAccepted: amount(granted?.accepted ?? 0), debts,
		});
	}
	const [accrued, earmarked] = [amount(claim.accrued), amount(claim.earmarked) + amount(claim.fromLines)];
	return {
		reserve, freeReserve: reserve - accrued - earmarked, accrued, earmarked, owed: amount(debt),
		earmarkedOnLines: amount(claim.onLines), arrears: amount(arrears?.sum ?? 0), positions, overdue,
	};
}

/** What the pallet's view function answers, which wallets call by an id that the metadata names. */
async function viewed(block: string, id: number): Promise<Codec> {
	const { registry, runtimeMetadata } = chain.api;
	const pallet = runtimeMetadata.asV16.pallets.find(({ name }) => name.toString() === 'Clearing');
	const view = pallet?.viewFunctions.find(({ name }) => name.toString() === 'positions') ?? assert.fail('no such view function');
	const input = u8aConcat(view.id.toU8a(), compactAddLength(registry.createType('u32', id).toU8a()));
	const answer = await chain.request<HexString>('state_call', 'RuntimeViewFunction_execute_view_function', u8aToHex(input), block);
	const [, bytes] = compactStripLength(hexToU8a(answer).subarray(1));
	return registry.createType(registry.createLookupType(view.output), bytes);
}

/** The answers of the runtime's interface and of the pallet's view function, which must be what storage says. */
async function statement(id: number, who: KeyringPair, block?: HexString) {
	const at = block ?? (await chain.api.rpc.chain.getBlockHash()).toHex();
	const state = await chain.api.at(at);
	const expected = await stored(state, id, who);
	const plain = (account: unknown) => JSON.parse(JSON.stringify(account, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
	const { clearing } = (await state.call['hanseApi']?.['statement']?.(id))?.toJSON() as { clearing: unknown };
	assert.deepEqual(clearing, plain(expected));
	assert.deepEqual((await viewed(at, id)).toJSON(), clearing);
	return expected;
}

/** Settlement units that there were at genesis, and that came and went since. */
async function issuanceTotals(): Promise<{ genesis: bigint; minted: bigint; burned: bigint }> {
	const totals = await json(chain, 'clearing', 'issuanceTotals');
	return { genesis: amount(totals.genesis), minted: amount(totals.minted), burned: amount(totals.burned) };
}

const attest = (total: bigint) => call(chain.api, 'clearing', 'attestDeposits', total);

/** Agent and auditor confirm what there is of deposits. */
async function attestAll(): Promise<bigint> {
	const { genesis, minted, burned } = await issuanceTotals();
	const total = genesis + minted - burned;
	await Promise.all([send(chain, agent, attest(total)), send(chain, auditor, attest(total))]);
	return total;
}

/** Both sides agree on a line. */
async function agree(creditor: [KeyringPair, number], debtor: [KeyringPair, number], limit: bigint): Promise<void> {
	await send(chain, creditor[0], grant(debtor[1], limit));
	await send(chain, debtor[0], accept(creditor[1], limit));
}

test('a cycle settles by time alone, and who cannot pay is overdue until it has paid: its points pause at partners', async () => {
	await Promise.all([agree([charlie, CHARLIE], [dave, DAVE], 400n * UNIT), agree([bob, BOB], [alice, ALICE], 100n * UNIT)]);
	const index = await freshCycle();
	const before = await reserves();
	const [toBob] = await Promise.all([
		met(send(chain, payer, pay(BOB, 80n, air))),
		// Dave means to run short.
		send(chain, dave, call(chain.api, 'clearing', 'drawDown', (before[3] ?? 0n) - 60n * UNIT)),
	]);
	assert.deepEqual(toBob, [ALICE, BOB, net(80n), 0n, net(80n)]);
	assert.deepEqual(await met(send(chain, third, pay(CHARLIE, 200n, store))), [DAVE, CHARLIE, net(200n), 0n, net(200n)]);
	const [first, second, , fourth] = await reserves();
	await Promise.all([statement(CHARLIE, charlie), statement(DAVE, dave)]);
	assert.equal((await cycleNow()).index, index, 'the test was too slow for what it tests');

	const { block, extrinsics, events } = await endOf(index);
	// The clock's.
	assert.equal(extrinsics, 1, 'somebody sent something');
	// Dave has 60, of which one is accrued interchange.
	const paid = 59n * UNIT;
	assert.deepEqual(events, [
		['CycleSettled', [index, 2, Number(net(80n) + paid)]],
		['Overdue', [DAVE, 1]],
	]);
	const after = await Promise.all([alice, bob, dave].map((who) => reserveOf(chain, who)));
	assert.deepEqual(after, [(first ?? 0n) - net(80n), (second ?? 0n) + net(80n), (fourth ?? 0n) - paid]);
	assert.deepEqual((await statement(ALICE, alice, block)).positions.map(({ owes }) => owes), [0n]);
	await statement(BOB, bob, block);
	const late = await statement(DAVE, dave, block);
	assert.deepEqual([late.owed, late.freeReserve, late.overdue], [net(200n) - paid, 0n, { since: index, age: 1, suspended: false }]);
	assert.deepEqual(late.positions[0]?.debts, [{ cycle: index, value: net(200n) - paid }]);

	await expectRefusals(chain, [
		['a reserve of who was fined for it', dave, call(chain.api, 'clearing', 'drawDown', 1n), 'institutions.BondTooSmall'],
		['a line to itself', bob, grant(BOB, UNIT), 'clearing.OwnCreditLine'],
		['a line by a stranger', agent, grant(BOB, UNIT), 'BadOrigin'],
	]);
	await expectUnsponsored(chain, third, pay(CHARLIE, 1n, store));
	// At home they pay on.
	await send(chain, third, pay(DAVE, 1n, store));
	await send(chain, dave, call(chain.api, 'clearing', 'topUp', 1_000n * UNIT));

	const next = await endOf(index + 1);
	assert.deepEqual(next.events.map(([method]) => method), ['CycleSettled', 'OverdueEnded']);
	const { owed, overdue } = await statement(DAVE, dave, next.block);
	assert.deepEqual([owed, overdue], [0n, null]);
	assert.equal((await storage(await chain.api.at(next.block), 'clearing', 'positions').keys()).length, 0);
	await send(chain, third, pay(CHARLIE, 1n, store));
});

test('what a line takes waits on it, what comes back is set off, and what exceeds it is money in its block', async () => {
	// Of this pair nobody owes anything yet.
	const [granted] = await Promise.all([send(chain, charlie, grant(BOB, 100n * UNIT)), send(chain, bob, grant(CHARLIE, 50n * UNIT))]);
	assert.deepEqual(eventData(granted, 'clearing', 'CreditLineGranted').map(Number), [CHARLIE, BOB, 0, Number(100n * UNIT)]);
	await expectRefusals(chain, [['what nobody granted', bob, accept(DAVE, UNIT), 'clearing.NotFound']]);
	// Bob accepts more than it is granted, Charlie all of it.
	const [accepted] = await Promise.all([send(chain, bob, accept(CHARLIE, 200n * UNIT)), send(chain, charlie, accept(BOB, 50n * UNIT))]);
	assert.deepEqual(eventData(accepted, 'clearing', 'CreditLineAccepted').map(Number), [CHARLIE, BOB, 0, Number(200n * UNIT)]);
	const cycle = await freshCycle();
	const before = await reserves();

	// Bob owes Charlie 79.60 on the line, and no money moves.
	assert.deepEqual(await met(send(chain, other, pay(CHARLIE, 80n, books))), [BOB, CHARLIE, net(80n), 0n, net(80n)]);
	assert.deepEqual(await reserves(), before);
	// Charlie owes Bob 29.85, which is set off.
	assert.deepEqual(await met(send(chain, fourth, pay(BOB, 30n, cog))), [CHARLIE, BOB, net(30n), net(30n), 0n]);
	// Of another 99.50, the line takes what is left of it; the rest is paid at once.
	const room = 100n * UNIT - net(50n);
	const money = await met(send(chain, other, pay(CHARLIE, 100n, books)));
	assert.deepEqual(money, [BOB, CHARLIE, net(100n), 0n, room]);
	const moved = net(100n) - room;
	assert.deepEqual((await reserves()).slice(1, 3), [(before[1] ?? 0n) - moved, (before[2] ?? 0n) + moved]);

	assert.equal((await cycleNow()).index, cycle, 'the test was too slow for what it tests');
	const { positions, owed } = await statement(BOB, bob);
	assert.equal(owed, 100n * UNIT);
	assert.deepEqual(positions.filter(({ with: other }) => other === CHARLIE), [{
		with: CHARLIE, owes: 100n * UNIT, isOwed: 0n, line: 100n * UNIT, accepted: 200n * UNIT, granted: 50n * UNIT,
		grantedAccepted: 50n * UNIT, debts: [{ cycle, value: 100n * UNIT }],
	}]);
	assert.equal((await statement(CHARLIE, charlie)).positions.find(({ with: other }) => other === BOB)?.isOwed, 100n * UNIT);
});

test('settlement units come by agent and auditor together, once for each deposit, and only while both attest', async () => {
	const [reference, sum] = [newHash(), 250n * UNIT];
	const fund = (reference: string) => call(chain.api, 'clearing', 'reportDeposit', BOB, sum, reference);
	const confirm = call(chain.api, 'clearing', 'confirmDeposit', reference);
	// Genesis counts as confirmed in cycle 0; since then a whole cycle may have passed.
	const total = await attestAll();
	const [money, issuance] = [await moneyOf(chain, bob), amount(await json(chain, 'balances', 'totalIssuance'))];
	await expectRefusals(chain, [
		['a deposit reported by the auditor', auditor, fund(reference), 'clearing.NotAppointed'],
		['a deposit that nobody reported', auditor, confirm, 'clearing.NotFound'],
		['a wrong total', agent, attest(total + 1n), 'clearing.DepositsDiffer'],
	]);
	await send(chain, agent, fund(reference));
	// Reported is not there yet, and the agent alone cannot make it so.
	assert.equal(await moneyOf(chain, bob), money);
	await expectRefusals(chain, [['a confirmation by the agent', agent, confirm, 'clearing.NotAppointed']]);
	const funded = await send(chain, auditor, confirm);
	assert.deepEqual(eventData(funded, 'clearing', 'DepositConfirmed').slice(0, 2).map(Number), [BOB, Number(sum)]);
	assert.equal(await moneyOf(chain, bob), money + sum);
	assert.equal(amount(await json(chain, 'balances', 'totalIssuance')), issuance + sum);
	await expectRefusals(chain, [
		['the same reference again', agent, fund(reference), 'clearing.ReferenceUsed'],
		['the same confirmation again', auditor, confirm, 'clearing.ReferenceUsed'],
		['a total of before', auditor, attest(total), 'clearing.DepositsDiffer'],
	]);
	assert.equal(await attestAll(), total + sum);
});

test('what a member wants to have paid out is locked, and burned when the agent has paid', async () => {
	const sum = 100n * UNIT;
	const [reserve, issuance] = [await reserveOf(chain, alice), amount(await json(chain, 'balances', 'totalIssuance'))];
	const before = await issuanceTotals();
	const settle = (id: number) => call(chain.api, 'clearing', 'completePayout', id);
	const held = async () => {
		const holds: { id: { clearing?: string }; amount: unknown }[] = await json(chain, 'balances', 'holds', alice.address);
		return holds.filter(({ id }) => id.clearing === 'Payout').map((hold) => amount(hold.amount));
	};
	await attestAll();
	await send(chain, alice, call(chain.api, 'clearing', 'requestPayout', sum));
	assert.deepEqual([await reserveOf(chain, alice), await held()], [reserve - sum, [sum]]);
	assert.equal(amount(await json(chain, 'balances', 'totalIssuance')), issuance);
	await expectRefusals(chain, [
		['a second one', alice, call(chain.api, 'clearing', 'requestPayout', 1n), 'clearing.PayoutPending'],
		['back before its time', alice, call(chain.api, 'clearing', 'cancelPayout', ALICE), 'clearing.TooEarly'],
		['burned by the auditor', auditor, settle(ALICE), 'clearing.NotAppointed'],
		['what nobody wants out', agent, settle(BOB), 'clearing.NotFound'],
	]);
	await send(chain, agent, settle(ALICE));
	assert.deepEqual([await held(), await json(chain, 'clearing', 'payouts', ALICE)], [[], null]);
	assert.equal(amount(await json(chain, 'balances', 'totalIssuance')), issuance - sum);
	const { genesis, minted, burned } = await issuanceTotals();
	assert.deepEqual([minted, burned], [before.minted, before.burned + sum]);
	assert.equal(genesis + minted - burned, issuance - sum);
});
