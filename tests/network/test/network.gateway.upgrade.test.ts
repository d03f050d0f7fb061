/**
 * The runtime is replaced while awards flow: none is lost, none comes twice. A call that has another shape before than after
 * is refused as long as it has that.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { call, sleep, untilFinal } from '../lib/chain.ts';
import { noGateway } from '../lib/gateway.ts';
import { Network, type Peer } from '../lib/network.ts';
import { nextRuntime } from '../lib/node.ts';
import { withRuntime, writeSpec } from '../lib/spec.ts';
import { RULES, member, until } from './alliance.ts';
import { Shop, notNow } from './shop.ts';
import { ALICE, alice, bob, json } from './support.ts';

/** This runtime, in which `cancel_award` has another name. */
function otherShape(): Buffer {
	// Beside the next one, and not compressed, since its text is changed.
	const next = nextRuntime();
	const wasm = readFileSync(next.replaceAll('-next', '').replaceAll('_next', '').replace('.compressed.wasm', '.wasm'));
	const places = [...wasm.toString('latin1').matchAll(/cancel_award/g)].map(({ index }) => index);
	assert.ok(places.length > 0, 'cancel_award is not found in the runtime');
	for (const place of places) wasm.write('cancel_prize', place, 'latin1');
	return wasm;
}

const ARCHIVE = ['--state-pruning', 'archive', '--blocks-pruning', 'archive'];
const skip = noGateway() || notNow();
const network = new Network(
	withRuntime(
		writeSpec({ founders: ['Alice', 'Bob', 'Charlie', 'Dave'], authorities: ['Alice'], rules: { ...RULES, era: 60_000 } }),
		otherShape(),
	),
);
let peer: Peer;
let shop: Shop;

before(async () => {
	if (skip) return;
	({ Alice: peer } = await network.authorities(['Alice'], ...ARCHIVE));
	await untilFinal(peer.chain.api, 2, 60_000);
	shop = await Shop.open(peer.chain, peer.node.url, ALICE, alice, 'Alice');
});
after(async () => {
	await shop?.gateway.stop();
	await network.stop();
});

test('awards flow through an upgrade, and what has another shape then is refused with a sentence', { timeout: 900_000, skip }, async () => {
	const { gateway } = shop;
	const { chain, node: { url } } = peer;
	const wasm = nextRuntime();
	await shop.award(5);
	await shop.over();
	const cancel = async () => {
		const path = '/v1/awards/A-1/cancel';
		const { body } = await gateway.ask(path, 'issuer', { program: shop.program, total: '1' });
		assert.ok(body.id, JSON.stringify(body));
		let { body: found } = await gateway.ask(`/v1/operations/${body.id}`, 'reader');
		for (let i = 0; i < 120 && !['final', 'failed'].includes(found.status); i++) {
			await sleep(250);
			({ body: found } = await gateway.ask(`/v1/operations/${body.id}`, 'reader'));
		}
		return found;
	};

	const refused = await cancel();
	assert.equal(refused.status, 'failed', JSON.stringify(refused));
	assert.equal(refused.transaction, null);
	assert.match(refused.error.type, /other-runtime$/);
	assert.match(refused.error.detail, /The chain's runtime has been upgraded, and points\.cancel_award looks otherwise now\. Install a gateway/i);

	await member(url, 'Alice', 'propose', 'upgrade', wasm, '--aye');
	await member(url, 'Bob', 'vote', '0', 'aye');
	await member(url, 'Dave', 'vote', '0', 'aye');
	await member(url, 'Charlie', 'close', '0');
	await until('the end of the notice', 60_000, async () => (await json(chain, 'system', 'authorizedUpgrade')) !== null);
	const version = async () => (await chain.request<{ specVersion: number }>('state_getRuntimeVersion')).specVersion;
	const before = await version();
	const apply = await call(chain.api, 'system', 'applyAuthorizedUpgrade', `0x${readFileSync(wasm).toString('hex')}`).signAsync(bob);
	await chain.request('author_submitExtrinsic', apply.toHex());
	const beyond = until('the next runtime', 120_000, async () => (await version()) > before).then(async () => {
		const at = (await chain.api.rpc.chain.getHeader()).number.toNumber();
		await untilFinal(chain.api, at + 5, 60_000);
	});
	const during = await shop.awardUntil(beyond);
	await beyond;
	const began = Date.now();
	const operations = await shop.over(300_000);
	const waited = Date.now() - began;
	// What was signed for the runtime before is waited for no longer than that can be in a block.
	assert.ok(waited < 20_000, `the last award was final ${waited} ms after the upgrade`);
	const versions = new Set((await gateway.export('blocks')).map((line) => JSON.parse(line).spec_version));
	assert.equal(versions.size, 2, 'the index has no block of both runtimes');
	await shop.repeat();
	const transactions = await shop.once(chain);

	// What was refused is done when it is asked for again; now the chain itself says why not.
	const asked = await cancel();
	assert.equal(asked.id, refused.id);
	assert.equal(asked.status, 'failed', JSON.stringify(asked));
	assert.match(asked.error.type, /^urn:hanse:points\./i);
	assert.notEqual(asked.transaction, null);
	const books = await shop.reconcile(url);
	console.log(`${during} awards during the upgrade, the last of them final ${waited} ms after it; ${operations.length} in ${transactions} transactions; ${books}`);
});
