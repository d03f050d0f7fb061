/** In what another key may act for an institution. */
import type { Calls } from './chain.ts';

export type ProxyType = Calls['Proxy']['add_proxy']['proxy_type']['type'];

/** What each kind of delegate may do; the compiler compares them with the chain's. */
export const DELEGATES: Readonly<Record<ProxyType, string>> = {
	Any: 'everything',
	Issue: 'awards',
	Cashier: 'takes awards back',
	Registrar: 'of customers',
	Treasury: 'reserve, lines, deposits',
	Governance: 'motions and votes',
	Authority: 'the node and its keys',
};
