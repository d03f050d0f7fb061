/** Points that vanish at a moment which was known when they were issued. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, call, sleep, storage } from '../lib/chain.ts';
import { type Node, startNode } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import {
	ALICE, BOB, alice, createProgram, eraNow, eve, expectRefusals, ferdie, firstVintage, flowsOf, json, newKey, newOrder,
	outstandingOf, pointsOf, register,
} from './support.ts';

const FACE_VALUE = 10_000n;
/** The shortest period that the chain allows. */
const PERIOD = 10_000;
const VALIDITY = 2_000;

let node: Node;
let chain: Chain;
before(async () => {
	node = await startNode([...dev(), '--tmp']);
	chain = await node.chain();
});
after(async () => {
	await chain?.close();
	await node?.stop();
});

test('points expire at their moment, for everybody at once, and are swept later', async () => {
	const { api } = chain;
	await register(chain, alice, ALICE, eve, ferdie);
	const other = await createProgram(chain, alice, 'OTHER', {});
	const terms = { faceValue: Number(FACE_VALUE), period: PERIOD, validity: VALIDITY };
	const program = await createProgram(chain, alice, 'FLASH', terms);
	const [asset, next] = [firstVintage(program), firstVintage(program) + 1];
	const era = await eraNow(chain);
	const newcomer = newKey();
	const issue = (to: string, points: bigint) => call(api, 'points', 'issue', program, to, points, { era, commitment: newOrder() });
	const pay = (points: bigint) =>
		call(api, 'exchange', 'pay', BOB, { era, commitment: newOrder() }, points * FACE_VALUE, [{ program, maxPoints: points }]);
	const now = () => json(chain, 'timestamp', 'now');

	await send(chain, alice, call(api, 'utility', 'batchAll', [issue(eve.address, 100n), issue(newcomer.address, 50n)]));
	const { started, vintages } = await json(chain, 'points', 'programs', program);
	const expires: number = vintages[0].expires;
	assert.equal(expires, started + PERIOD + VALIDITY);

	// Until then they are points like others.
	await send(chain, eve, pay(10n));
	await send(chain, eve, call(api, 'assets', 'transfer', asset, ferdie.address, 5n));
	assert.ok((await now()) < expires, 'the test was too slow for what it tests');

	// What is issued in the next period lives longer.
	while ((await now()) < started + PERIOD) await sleep(200);
	await send(chain, alice, issue(eve.address, 7n));
	assert.equal(await pointsOf(chain, next, eve), 7n);

	while ((await now()) < expires) await sleep(200);
	const { events, before: last, moment } = await expiryBlock(expires);
	assert.ok(moment >= expires && last < expires, 'not in the first block at or after the moment');
	assert.deepEqual(events, [[program, asset, 140, Number(140n * FACE_VALUE)]]);
	const flows = await flowsOf(chain, program);
	assert.deepEqual([flows['issued'], flows['redeemedAtPartners'], flows['expired']], [157n, 10n, 140n]);
	assert.equal(await outstandingOf(chain, ALICE), 7n * FACE_VALUE);

	// Swept when a block has nothing else to do.
	for (let i = 0; i < 50 && (await json(chain, 'assets', 'asset', asset)); i++) await sleep(200);
	assert.equal(await json(chain, 'assets', 'asset', asset), null);
	assert.equal(await pointsOf(chain, asset, eve), 0n);
	// Who held nothing else has no account any more.
	assert.equal((await json(chain, 'system', 'account', newcomer.address)).sufficients, 0);

	await expectRefusals(chain, [
		['a gift of expired points', eve, call(api, 'assets', 'transfer', asset, ferdie.address, 1n), 'assets.Unknown'],
		['a payment with expired points', eve, pay(8n), 'exchange.PriceNotCovered'],
		['an exchange of expired points', eve, call(api, 'exchange', 'exchange', program, 8n, other, 0n), 'exchange.PointsTooFew'],
		['a payment by somebody who has only expired ones', ferdie, pay(1n), 'exchange.PriceNotCovered'],
	]);
	assert.equal(await pointsOf(chain, next, eve), 7n);
});

/** The block that booked the expiry: its time, the time of the block before, and what it says. */
async function expiryBlock(expires: number): Promise<{ moment: number; before: number; events: unknown[] }> {
	let hash = await chain.api.rpc.chain.getBlockHash();
	for (;;) {
		const state = await chain.api.at(hash);
		const moment = Number(await state.query.timestamp.now());
		const all = await state.query.system.events();
		const events = all.filter(({ event }) => event.section === 'points' && event.method === 'VintageExpired');
		const { parentHash } = await chain.api.rpc.chain.getHeader(hash);
		if (events.length > 0) {
			const parent = await chain.api.at(parentHash);
			const before = Number(await storage(parent, 'timestamp', 'now')());
			return { moment, before, events: events.map(({ event }) => event.data.toJSON()) };
		}
		assert.ok(moment >= expires, 'no block booked the expiry');
		hash = parentHash;
	}
}
