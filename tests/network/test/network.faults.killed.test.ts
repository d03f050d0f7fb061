/** One of four authorities dies, and then two: with one gone everything goes on, with two gone blocks do and finality does not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import type { Fleet } from '../lib/fleet.ts';
import { until } from './alliance.ts';
import { type Payments, oneChain, open } from './payments.ts';

let fleet: Fleet;
let payments: Payments;
before(async () => {
	({ fleet, payments } = await open());
	await payments.start();
});
after(async () => {
	await payments?.stop();
	await fleet?.stop();
});

const best = async () => (await fleet.peer('Archive').chain.api.rpc.chain.getHeader()).number.toNumber();
const final = async () => (await finalisedHead(fleet.peer('Archive').chain.api)).number;

test('one of four is killed: payments go on to be final, and it catches up when it is back', { timeout: 300_000 }, async (t) => {
	await fleet.end('Dave');
	const stood = await final();
	await payments.more(50);
	await untilFinal(fleet.peer('Alice').chain.api, stood + 15, 60_000);
	const { chain } = await fleet.start('Dave');
	await untilFinal(chain.api, await final(), 60_000);
	await payments.more(20);
	t.diagnostic(`${payments.final} payments are final`);
});

test('two of four are killed: blocks go on and nothing is final, until they are back', { timeout: 400_000 }, async (t) => {
	await Promise.all([fleet.end('Charlie'), fleet.end('Dave')]);
	// What had its votes by then still becomes final.
	await sleep(5_000);
	const [stood, from, paid] = [await final(), await best(), payments.final];
	await until('ten blocks without finality', 90_000, async () => (await best()) >= from + 10);
	assert.equal(await final(), stood);
	assert.equal(payments.final, paid, 'payments became final without finality');
	await Promise.all([fleet.start('Charlie'), fleet.start('Dave')]);
	await untilFinal(fleet.peer('Archive').chain.api, await best(), 120_000);
	await payments.more(50);
	t.diagnostic(await oneChain(fleet, payments));
});
