/** What is signed is what was meant, whatever the chain has become meanwhile. */
import { hexOf } from '@hanse/sdk/bytes';
import type { Tx } from '@hanse/sdk/send';
import { chain } from './chain.ts';
import type { Signer } from './keys/index.ts';
import { OtherShape } from './shape.ts';

/**
 * Signs `call`, if the chain reads in it exactly what was meant. The library alone would leave out
 * what a call no longer has, such as the least that an exchange may give.
 */
export function onlyAsMeant(signer: Signer, call: Tx): Signer {
	const { transactions } = signer;
	const signTx: typeof transactions.signTx = async (data, ...rest) => {
		const { api } = await chain();
		const read = await api.txFromCallData(data).catch(() => undefined);
		if (!read || !isSame(call.decodedCall, read.decodedCall)) throw new OtherShape('the chain reads another call');
		return transactions.signTx(data, ...rest);
	};
	return { ...signer, transactions: { ...transactions, signTx } };
}

/** Whether two values say the same. What one leaves open, the other may leave open too; numbers are numbers of any size. */
export function isSame(meant: unknown, read: unknown): boolean {
	if (meant instanceof Uint8Array && read instanceof Uint8Array) return hexOf(meant) === hexOf(read);
	if (typeof meant !== 'object' || typeof read !== 'object' || !meant || !read) return String(meant) === String(read);
	const [one, other] = [meant, read] as Record<string, unknown>[];
	return [...new Set([...Object.keys(meant), ...Object.keys(read)])].every((name) => isSame(one?.[name], other?.[name]));
}
