/** Nodes die by SIGKILL twenty times while customers pay, each as soon as the one before is back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import { type Fleet, NAMES } from '../lib/fleet.ts';
import { type Payments, oneChain, open } from './payments.ts';

const KILLS = 20;

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

test('twenty kills under load lose nothing that was final', { timeout: 800_000 }, async (t) => {
	const before = payments.final;
	for (let kill = 0; kill < KILLS; kill++) {
		const name = NAMES[kill % NAMES.length] ?? 'Alice';
		// In the middle of whatever it does.
		await sleep(Math.random() * 2_000);
		const { api } = fleet.peer(name).chain;
		const [known, paid] = [await finalisedHead(api), payments.final];
		await fleet.end(name);
		const { chain } = await fleet.start(name);
		const now = await untilFinal(chain.api, known.number + 3, 90_000);
		assert.ok(now.number > known.number);
		assert.equal((await chain.api.rpc.chain.getBlockHash(known.number)).toHex(), known.hash, `${name} forgot block ${known.number}`);
		await payments.more(1);
		t.diagnostic(`kill ${kill + 1}: ${name} at block ${known.number}, back at ${now.number}, ${payments.final - paid} payments meanwhile`);
	}
	assert.ok(payments.final > before + KILLS);
	t.diagnostic(await oneChain(fleet, payments));
});
