/** A line to the node on which an answer takes longer than a block takes to be final, as that of a telephone may. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Chain, connect } from '@hanse/sdk/chain';
import * as keys from '@hanse/sdk/keys';
import { send } from '@hanse/sdk/send';
import { type Line, slowLine } from '../lib/line.ts';
import { type Node, startNode } from '../lib/node.ts';
import { dev } from '../lib/spec.ts';

/** Milliseconds in each direction: an answer comes two blocks after its question. */
const DELAY = 1_000;
/** Milliseconds within which each is done. Without looking at final blocks it would never be. */
const PATIENCE = 60_000;

let node: Node;
let line: Line;
let chain: Chain;
before(async () => {
	node = await startNode([...dev(), '--tmp']);
	line = await slowLine(node.url, DELAY);
	chain = await connect(line.url, PATIENCE);
});
after(async () => {
	chain?.close();
	line?.stop();
	await node?.stop();
});

const ferdie = keys.wellKnown('Ferdie');
const transfer = (value: bigint) =>
	chain.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: keys.wellKnown('Bob').address }, value });
const held = async () => (await chain.api.query.System.Account.getValue(keys.wellKnown('Bob').address)).data.free;

test('what is sent over a slow line is found in its block, and what becomes of it', { timeout: 4 * PATIENCE }, async () => {
	const before = await held();
	for (const until of ['inBlock', 'final'] as const) {
		const { block, events } = await send(chain, ferdie, transfer(10_000n), until);
		assert.ok(block.number > 0);
		assert.equal(chain.api.event.Balances.Transfer.filter(events)[0]?.payload.amount, 10_000n);
	}
	assert.equal(await held(), before + 20_000n);
});

test('what is refused in its block is refused by name over a slow line too', { timeout: 2 * PATIENCE }, async () => {
	await assert.rejects(send(chain, ferdie, transfer(1n << 100n)), /Arithmetic\.Underflow/);
});
