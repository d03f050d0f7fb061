/** The chain's eras, by its own clock of them. */
import type { Api } from '@hanse/sdk/chain';
import type { Snapshot } from './snapshot.ts';
import { readRules } from './state.ts';

export interface Eras {
	current: number;
	/** Of orders that are still taken, the oldest era. */
	oldestOfOrders: number;
}

export async function readEras(api: Api, { now, at }: Pick<Snapshot, 'now' | 'at'>): Promise<Eras> {
	const [{ index, started, length, orders_from: ordersFrom }, { order_eras: orderEras }] = await Promise.all([
		api.query.Rulebook.CurrentEraClock.getValue(at), readRules(api, at),
	]);
	const elapsed = BigInt(now) - started;
	const current = elapsed < 0n ? index - 1 : index + Number(elapsed / length);
	return { current, oldestOfOrders: Math.max(ordersFrom, current - orderEras) };
}

/** Whether orders of `era` are taken there. */
export async function takesOrders(api: Api, era: number, here: Pick<Snapshot, 'now' | 'at'>): Promise<boolean> {
	const { current, oldestOfOrders } = await readEras(api, here);
	return oldestOfOrders <= era && era <= current;
}
