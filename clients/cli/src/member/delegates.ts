/** Keys inside an institution: whom it lets act for it, in what. */
import type { Enum } from '@polkadot/types';
import { decodeAddress, encodeAddress } from '@polkadot/util-crypto';
import { call } from '@hanse/sdk/pjs/chain';
import { type Desk, WrongUsage, accountOf } from './desk.ts';

export async function delegate(desk: Desk, verb: 'add' | 'remove', typed: string, who: string): Promise<void> {
	const { api } = desk.chain;
	const method = verb === 'add' ? 'addProxy' : 'removeProxy';
	const types = proxyTypes(desk);
	const type = types.find((name) => name.toLowerCase() === typed.toLowerCase());
	if (!type) throw new WrongUsage(`there is no delegate type ${typed}; there are: ${types.join(', ')}`);
	await desk.act(call(api, 'proxy', method, accountFrom(who), type, 0));
	desk.say(
		verb === 'add'
			? `${who} may now act for the institution (${type}): with its own key and --for ${accountOf(desk)}`
			: `${who} may no longer act for the institution (${type}).`,
	);
}

/** What the chain's runtime knows as types of delegates. */
function proxyTypes({ chain: { api } }: Desk): string[] {
	const type = api.tx['proxy']?.['addProxy']?.meta.args[1]?.type.toString();
	return type ? (api.createType(type) as Enum).defKeys : [];
}

/** An address as it was typed, in this chain's own form. */
export function accountFrom(text: string): string {
	try {
		return encodeAddress(decodeAddress(text), 42);
	} catch {
		throw new WrongUsage(`${text} is no address of an account`);
	}
}
