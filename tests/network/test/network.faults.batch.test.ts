/** What is more than the chain takes at once is refused, whole, and what is just not too much is done. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Call, type Chain, call, messageOf, untilFinal } from '../lib/chain.ts';
import { type Node, startNode } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import { UNIT, alice, bob, createProgram, eraNow, flowsOf, json, moneyOf, newKey, newOrder } from './support.ts';

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

const goesOn = async () => untilFinal(chain.api, (await chain.api.rpc.chain.getHeader()).number.toNumber() + 3, 60_000);

/** What the pool answers to a signed call. */
async function refusal(wanted: Call): Promise<string> {
	const nonce = await chain.request<number>('system_accountNextIndex', alice.address);
	const signed = await wanted.signAsync(alice, { nonce });
	return chain.request('author_submitExtrinsic', signed.toHex()).then(() => 'taken', messageOf);
}

test('five hundred awards are made, and of five hundred and one none', { timeout: 120_000 }, async () => {
	const program = await createProgram(chain, alice, 'AIR', {});
	const era = await eraNow(chain);
	const awards = Array.from({ length: 501 }, () => ({ to: newKey().address, amount: 1n, order: newOrder() }));
	const batch = (count: number) => call(chain.api, 'points', 'issueBatch', program, era, awards.slice(0, count));
	assert.match(await refusal(batch(501)), /decode|wasm|Verification Error/i);
	await send(chain, alice, batch(500));
	assert.equal((await flowsOf(chain, program))['issued'], 500n);
	await goesOn();
});

test('a batch of more calls than the chain allows does none of them', { timeout: 120_000 }, async () => {
	const limit = Number(chain.api.consts['utility']?.['batchedCallsLimit']?.toString());
	assert.ok(limit > 100, `${limit}`);
	const payee = newKey();
	const transfer = call(chain.api, 'balances', 'transferKeepAlive', payee.address, UNIT);
	const many = [transfer, ...Array.from({ length: limit }, () => call(chain.api, 'system', 'remark', '0x'))];
	const before = await moneyOf(chain, bob);
	await assert.rejects(send(chain, bob, call(chain.api, 'utility', 'batchAll', many)), /TooManyCalls|exhaust/);
	assert.equal(await json(chain, 'system', 'account', payee.address).then(({ data }) => data.free), 0);
	assert.ok((await moneyOf(chain, bob)) <= before, 'the attempt is not free');
	await goesOn();
});

test('a transaction that is longer than a block gets into no pool', { timeout: 120_000 }, async () => {
	const remark = (bytes: number) => call(chain.api, 'system', 'remark', `0x${'00'.repeat(bytes)}`);
	assert.match(await refusal(remark(6 * 1024 * 1024)), /exhaust|too long|length/i);
	assert.equal((await chain.request<unknown[]>('author_pendingExtrinsics')).length, 0);
	await goesOn();
});
