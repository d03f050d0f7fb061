/** Keys inside an institution: whom it lets act for it, in what. */
import { DELEGATES, type ProxyType } from '@hanse/sdk/delegates';
import { WrongUsage } from '../program.ts';
import { type Desk, accountOf } from './desk.ts';

export async function delegate(desk: Desk, verb: 'add' | 'remove', typed: string, who: string): Promise<void> {
	const types = Object.keys(DELEGATES).filter((name): name is ProxyType => name in DELEGATES);
	const type = types.find((name) => name.toLowerCase() === typed.toLowerCase());
	if (!type) throw new WrongUsage(`there is no delegate type ${typed}; there are: ${types.join(', ')}`);
	const { tx } = desk.chain.api;
	const args = { delegate: { type: 'Id', value: who }, proxy_type: { type, value: undefined }, delay: 0 } as const;
	await desk.act(verb === 'add' ? tx.Proxy.add_proxy(args) : tx.Proxy.remove_proxy(args));
	desk.say(
		verb === 'add'
			? `${who} may now act for the institution (${type}): with its own key and --for ${accountOf(desk)}`
			: `${who} may no longer act for the institution (${type}).`,
	);
}
