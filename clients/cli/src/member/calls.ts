/** Calls that another program prepared, and that the institution's own key signs. */
import { bytesOf } from '@hanse/sdk/bytes';
import { messageOf } from '@hanse/sdk/chain';
import { describe } from '@hanse/sdk/decisions';
import { Names } from '@hanse/sdk/names';
import type { Tx } from '@hanse/sdk/send';
import { WrongUsage } from '../program.ts';
import type { Desk } from './desk.ts';

/** Says what the call is, and signs it if there is a key. */
export async function sendCall(desk: Desk, call: string): Promise<void> {
	const { chain: { api }, say } = desk;
	const tx = await decoded(desk, call);
	say(`The call: ${describe(tx.decodedCall, await Names.read(api))}`);
	if (!desk.account) return say('Nothing is sent without a key: --key-file FILE.');
	const { block } = await desk.act(tx);
	say(`It is in block ${block.hash}.`);
}

async function decoded({ chain: { api } }: Desk, call: string): Promise<Tx> {
	if (!/^0x([0-9a-f]{2})+$/i.test(call)) throw new WrongUsage('a call as hanse-gateway prints it was expected, like 0x2802…');
	try {
		return await api.txFromCallData(bytesOf(call));
	} catch (error) {
		throw new WrongUsage(`this chain has no such call: ${messageOf(error)}`);
	}
}
