/** What monitoring reads from a node about the ledger: that it is what happened, and how members stand. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, call, sleep, untilFinal } from '../lib/chain.ts';
import { amount } from '../lib/amount.ts';
import { type Node, startNode } from '../lib/node.ts';
import { freePort } from '../lib/process.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import { ALICE, BOB, UNIT, alice, createProgram, eraNow, json, newKey, newOrder, register } from './support.ts';

let node: Node;
let chain: Chain;
let port: number;
const customers = Array.from({ length: 3 }, newKey);

before(async () => {
	port = await freePort();
	node = await startNode([...dev(), '--tmp', '--prometheus-port', `${port}`]);
	chain = await node.chain();
});
after(async () => {
	await chain?.close();
	await node?.stop();
});

/** Each series that begins with `hanse_chain_`: what is behind that, with the value of its own label. */
async function metrics(): Promise<Record<string, number>> {
	const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
	const lines = [...text.matchAll(/^hanse_chain_(\w+)\{([^}]*)\} (\S+)$/gm)];
	return Object.fromEntries(lines.map(([, name, labels = '', value]) => {
		const own = [...labels.matchAll(/(\w+)="([^"]*)"/g)].filter(([, label]) => label !== 'chain').map(([, , of]) => of);
		return [[name, ...own].join(' '), Number(value)];
	}));
}

/** The metrics once `holds` does of them. */
async function metricsWhen(holds: (read: Record<string, number>) => boolean, what: string): Promise<Record<string, number>> {
	for (const deadline = Date.now() + 60_000; ; await sleep(500)) {
		const read = await metrics();
		if (holds(read)) return read;
		assert.ok(Date.now() < deadline, `not within a minute: ${what}; ${JSON.stringify(read)}`);
	}
}

test('before anything happened, all that can grow is there at zero', async () => {
	await untilFinal(chain.api, 2);
	const read = await metricsWhen((read) => Number(read['final_blocks_total']) > 0, 'a final block was read');
	for (const name of ['payments_total', 'awards_total', 'cycles_total', 'slips_total paid', 'slips_total refused']) {
		assert.equal(read[name], 0, name);
	}
	for (const pallet of ['clearing', 'conduct', 'exchange', 'points', 'supervision']) {
		assert.equal(read[`broken_books_total ${pallet}`], 0, pallet);
	}
});

test('payments and awards are counted once they are final', async () => {
	const air = await createProgram(chain, alice, 'AIR', { faceValue: 10_000 });
	const era = await eraNow(chain);
	await register(chain, alice, ALICE, ...customers);
	const awards = customers.map(({ address }) => ({ to: address, amount: 1_000n, order: newOrder() }));
	await send(chain, alice, call(chain.api, 'points', 'issueBatch', air, era, awards));
	for (const customer of customers.slice(1)) {
		const order = { era, commitment: newOrder() };
		await send(chain, customer, call(chain.api, 'exchange', 'pay', BOB, order, UNIT, [{ program: air, maxPoints: 1_000n }]));
	}
	const read = await metricsWhen((read) => read['payments_total'] === 2, 'two payments');
	assert.equal(read['awards_total'], 3);
	assert.ok(Number(read['transactions_total succeeded']) >= 6, 'transactions');
	assert.equal(read['slips_total paid'], 0);
});

test('each final block is read, as fast as it becomes final', async () => {
	const { number } = await chain.api.rpc.chain.getHeader();
	await untilFinal(chain.api, number.toNumber() + 1);
	const read = await metricsWhen((read) => Number(read['final_blocks_total']) > number.toNumber(), 'blocks are read');
	for (const reason of ['many', 'state', 'version']) assert.equal(read[`unread_blocks_total ${reason}`], 0, reason);
	assert.equal(read['block_weight_seconds_count'], read['final_blocks_total']);
	// A block that turns a session is full; most have next to nothing.
	const mean = Number(read['block_weight_seconds_sum']) / Number(read['block_weight_seconds_count']);
	assert.ok(mean > 0 && mean < 1, `blocks weigh ${mean} s`);
	assert.ok(Number(read['finality_seconds_count']) > 0, 'no time to finality');
	const age = Date.now() / 1_000 - Number(read['final_block_timestamp_seconds']);
	assert.ok(age > -2 && age < 30, `the newest final block is ${age} s old`);
});

test('reserves and sponsor budgets are those of the ledger', async () => {
	const budget = amount((await chain.api.call['hanseApi']?.['rules']?.() as any).toJSON().sponsorBudget);
	const spent = amount((await json(chain, 'sponsorship', 'budgets', BOB)).all);
	// He pays for those who have nothing and pay at his till.
	assert.ok(spent > 0n, 'Bob has paid no fee');
	const left = Number(budget - spent) / Number(budget);
	const read = await metricsWhen((read) => Math.abs(Number(read['sponsor_budget_left_ratio 2']) - left) < 1e-9, `Bob's budget: ${left}`);
	for (const id of [ALICE, BOB]) {
		const { issuing, clearing } = ((await chain.api.call['hanseApi']?.['statement']?.(id)) as any).toJSON();
		assert.equal(read[`free_reserve_units ${id}`], Number(amount(clearing.freeReserve)) / 1e6, `reserve of ${id}`);
		assert.equal(read[`minimum_reserve_units ${id}`], Number(amount(issuing.minimumReserve)) / 1e6, `minimum of ${id}`);
		assert.equal(read[`overdue_cycles ${id}`], 0);
	}
	assert.ok(Number(read['minimum_reserve_units 1']) > 0, 'Alice has issued');
});
