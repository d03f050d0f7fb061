/** A node that dies while transactions flow loses nothing that was final. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type BlockId, type Chain, ConnectionLost, call, finalisedHead, sleep, untilFinal } from '../lib/chain.ts';
import { type Node, startNode, temporaryDirectory } from '../lib/node.ts';
import { send } from '../lib/send.ts';
import { dev } from '../lib/spec.ts';
import { alice, eve, ferdie, moneyOf } from './support.ts';

let node: Node | undefined;
after(() => node?.stop());

test('a node that was killed while transactions flowed goes on from where it was final', async () => {
	const args = [...dev(), '--base-path', temporaryDirectory()];
	node = await startNode(args);
	const first = await node.chain();
	await untilFinal(first.api, 2);
	const last = await flowUntil(first, 5_000, node);
	assert.ok(last.number > 3, `only ${last.number} blocks were final`);

	node = await startNode(args);
	const second = await node.chain();
	const head = await finalisedHead(second.api);
	assert.ok(head.number >= last.number, `block ${last.number} was final, and now ${head.number} is the newest final`);
	assert.equal((await second.api.rpc.chain.getBlockHash(last.number)).toHex(), last.hash);
	const state = await second.api.at(last.hash);
	assert.equal((await state.query.system.account(ferdie.address)).data.free.toBigInt(), last.balance);

	const before = await moneyOf(second, ferdie);
	await send(second, eve, call(second.api, 'balances', 'transferKeepAlive', ferdie.address, 1_000n), 'finalized');
	assert.equal(await moneyOf(second, ferdie), before + 1_000n);
	await untilFinal(second.api, head.number + 3);
	await second.close();
});

/** Sends an institution's transfers, which wait for no block, one upon the other, kills the node after `milliseconds`, and says what was final by then. */
async function flowUntil(chain: Chain, milliseconds: number, node: Node): Promise<BlockId & { balance: bigint }> {
	const deadline = Date.now() + milliseconds;
	const lost = assert.rejects(chain.lost, ConnectionLost);
	let nonce = await chain.request<number>('system_accountNextIndex', alice.address);
	while (Date.now() < deadline) {
		const transfer = call(chain.api, 'balances', 'transferKeepAlive', ferdie.address, 1_000n);
		const signed = await transfer.signAsync(alice, { nonce: nonce++ });
		await chain.request('author_submitExtrinsic', signed.toHex());
		await sleep(20);
	}
	const head = await finalisedHead(chain.api);
	const { data } = await (await chain.api.at(head.hash)).query.system.account(ferdie.address);
	await node.stop('SIGKILL');
	await lost;
	return { ...head, balance: data.free.toBigInt() };
}
