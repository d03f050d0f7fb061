/** Two of four authorities are gone: nothing becomes final, so nothing is signed anew; when they are back, all is, once. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import { type Operation, noGateway } from '../lib/gateway.ts';
import { Network, type Peer } from '../lib/network.ts';
import { writeSpec } from '../lib/spec.ts';
import { until } from './alliance.ts';
import { Shop, notNow } from './shop.ts';
import { ALICE, alice } from './support.ts';

const FOUNDERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;
const GONE = ['Charlie', 'Dave'] as const;
/** For how many blocks a transaction lives. */
const MORTALITY = 64;

const network = new Network(writeSpec({ founders: [...FOUNDERS], authorities: [...FOUNDERS], rules: {} }));
const skip = noGateway() || notNow();
let peers: Record<(typeof FOUNDERS)[number], Peer>;
let shop: Shop;

before(async () => {
	if (skip) return;
	peers = await network.authorities(FOUNDERS, '--state-pruning', 'archive', '--blocks-pruning', 'archive');
	const { chain, node: { url } } = peers.Alice;
	await untilFinal(chain.api, 2, 60_000);
	shop = await Shop.open(chain, url, ALICE, alice, 'Alice');
});
after(async () => {
	await shop?.gateway.stop();
	await network.stop();
});

/** Which transaction carries what, of all that is in one. */
const carriers = (operations: Operation[]) =>
	new Map(operations.filter(({ transaction }) => transaction).map(({ id, transaction }) => [id, transaction]));

test('while finality stands nothing is signed anew, and when it goes on everything happens once', { timeout: 900_000, skip }, async () => {
	const { gateway } = shop;
	const { chain, node } = peers.Alice;
	await shop.award(10);
	await shop.over();
	await Promise.all(GONE.map(async (name) => {
		await peers[name].chain.close();
		await peers[name].node.stop('SIGKILL');
	}));
	await sleep(3_000);
	const stood = await finalisedHead(chain.api);

	// What comes before the gateway sees it is signed, and is in blocks of which none is final.
	while ((await gateway.ask('/health/ready')).status === 200) {
		await shop.award(1);
		await sleep(1_000);
	}
	const { body: { detail } } = await gateway.ask('/health/ready');
	assert.match(detail, /finality stands at block \d+|no block became final for \d+ s/);
	await sleep(2_000);
	const signed = carriers(await gateway.operations());
	const before = shop.asked;
	await shop.award(25);
	await until('the lane waits', 60_000, async () => /finality stands at block/.test((await gateway.ask('/health/ready')).body.detail));

	// Until everything that was signed would be past its death, if blocks that are not final counted.
	await until('blocks beyond the death of all', 600_000, async () => {
		const best = (await chain.api.rpc.chain.getHeader()).number.toNumber();
		return best > stood.number + MORTALITY + 5;
	});
	assert.equal((await finalisedHead(chain.api)).number, stood.number);
	const operations = await gateway.operations();
	assert.deepEqual(carriers(operations), signed, 'something was signed');
	assert.deepEqual([...new Set(operations.slice(before).map(({ status }) => status))], ['accepted']);
	assert.equal(operations.length, before + 25);

	const back = await Promise.all(GONE.map((name) => network.again(peers[name])));
	await shop.over(300_000);
	assert.ok((await finalisedHead(chain.api)).number > stood.number);
	// What was signed before carries it still.
	const now = carriers(await gateway.operations());
	for (const [id, transaction] of signed) assert.equal(now.get(id), transaction);
	await shop.repeat();
	const transactions = await shop.once(chain);
	console.log(`finality stood at block ${stood.number}; ${signed.size} awards were signed by then, ${shop.asked - before} waited; ${shop.asked} in ${transactions} transactions; ${await shop.reconcile(node.url)}`);
	await Promise.all(back.map((peer) => untilFinal(peer.chain.api, stood.number + 1, 60_000)));
});
