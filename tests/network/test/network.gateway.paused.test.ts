/** The gateway's node does nothing for a while: orders are taken, what was read is told, and each order is served once. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import { noGateway } from '../lib/gateway.ts';
import { Network, type Peer } from '../lib/network.ts';
import { writeSpec } from '../lib/spec.ts';
import { until } from './alliance.ts';
import { FULL, Shop } from './shop.ts';
import { ALICE, alice } from './support.ts';

/** How long the node is paused; in full for some blocks more than a transaction lives. */
const PAUSE = FULL ? 75_000 : 15_000;
const ARCHIVE = ['--state-pruning', 'archive', '--blocks-pruning', 'archive'];

const network = new Network(writeSpec({ founders: ['Alice', 'Bob', 'Charlie', 'Dave'], authorities: ['Alice'], rules: {} }));
const skip = noGateway();
/** Makes the blocks. */
let authority: Peer;
/** The gateway's own. */
let own: Peer;
let shop: Shop;

before(async () => {
	if (skip) return;
	({ Alice: authority } = await network.authorities(['Alice']));
	own = await network.start(ARCHIVE);
	await untilFinal(own.chain.api, 2, 60_000);
	shop = await Shop.open(authority.chain, own.node.url, ALICE, alice, 'Alice');
});
after(async () => {
	own?.node.resume();
	await shop?.gateway.stop();
	await network.stop();
});

test('while its node is paused orders are taken and reads say how old they are; then each is served once', { timeout: 300_000, skip }, async () => {
	const { gateway } = shop;
	await shop.award(20);
	await shop.over();
	assert.equal((await gateway.ask('/health/ready')).status, 200);
	const rules = await gateway.ask('/v1/rules', 'reader');
	assert.equal(rules.status, 200);

	// Some are under way when the node stops.
	const flowing = shop.awardUntil(sleep(2_000));
	await sleep(1_000);
	own.node.pause();
	const [paused, from] = [Date.now(), await finalisedHead(authority.chain.api)];
	const before = await flowing;

	let [reads, slowest] = [0, 0];
	while (Date.now() < paused + PAUSE) {
		const { took } = await shop.award(1);
		const read = await gateway.ask('/v1/rules', 'reader');
		assert.equal(read.status, 200, JSON.stringify(read.body));
		assert.deepEqual(read.body, rules.body);
		const [block, age] = ['hanse-block', 'hanse-age'].map((name) => Number(read.headers.get(name)));
		assert.ok(block! >= Number(rules.headers.get('hanse-block')) && block! <= from.number, `block ${block}, and it was ${from.number}`);
		// A block a second: it is as old as the pause, and what the library took to hear of it.
		assert.ok(Math.abs(age! * 1_000 - (Date.now() - paused)) < 5_000, `${age} s old after ${Date.now() - paused} ms`);
		slowest = Math.max(slowest, took, read.took);
		reads++;
		await sleep(1_000);
	}
	const ready = await gateway.ask('/health/ready');
	assert.equal(ready.status, 503);
	assert.match(ready.body.detail, /node does not answer/);
	assert.ok(slowest < 5_000, `an answer took ${slowest} ms`);
	const waiting = (await gateway.operations()).filter(({ status }) => status !== 'final').length;
	assert.ok(waiting >= reads, `${waiting} wait`);

	own.node.resume();
	const blocks = (await finalisedHead(authority.chain.api)).number - from.number;
	if (FULL) assert.ok(blocks > 64, `${blocks} blocks`);
	await shop.over(120_000);
	await until('it is ready', 30_000, async () => (await gateway.ask('/health/ready')).status === 200);
	await shop.repeat();
	const transactions = await shop.once(authority.chain);
	const books = await shop.reconcile(own.node.url);
	console.log(`paused for ${blocks} blocks, ${before} awards under way, ${waiting} waited, slowest answer ${slowest} ms; ${shop.asked} awards in ${transactions} transactions; ${books}`);
});
