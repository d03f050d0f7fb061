/** The shops' programs on the chain, and what became of orders for which points were issued. */
import { textOf } from '@hanse/sdk/bytes';
import { type Api, BEST, type Chain, type Where, sleep } from '@hanse/sdk/chain';
import { LONGEST_PENDING, SHOPS } from '../plan/shops.ts';
import { assetOf } from './state.ts';

/** Orders of which the chain tells at once. */
const MAX_ORDERS = 500;

/** An order for which points of a program were issued. */
export interface ServedOrder {
	program: number;
	commitment: string;
}

type OrderStatus = NonNullable<Awaited<ReturnType<Api['apis']['HanseApi']['awarded']>>[number]>;
/** Where the points of an order are: `Minted`, `Pending` or `Cancelled`. */
export type Place = OrderStatus['place']['type'];

/**
 * Where the points of `orders` are, in their order; nothing of those that the chain does not know. The chain is asked,
 * since its record of an award says where to look, and not that it has matured.
 */
export async function readPlaces(api: Api, orders: readonly ServedOrder[], at: Where): Promise<(Place | undefined)[]> {
	const places = new Map<ServedOrder, Place>();
	for (const program of new Set(orders.map((order) => order.program))) {
		const own = orders.filter((order) => order.program === program);
		for (let start = 0; start < own.length; start += MAX_ORDERS) {
			const some = own.slice(start, start + MAX_ORDERS);
			const found = await api.apis.HanseApi.awarded(program, some.map(({ commitment }) => commitment), at);
			some.forEach((order, index) => {
				const status = found[index];
				if (status) places.set(order, status.place.type);
			});
		}
	}
	return orders.map((order) => places.get(order));
}

/** The program of each shop that carries its symbol, if it has one. */
export async function readPrograms(api: Api, at: Where): Promise<(number | undefined)[]> {
	const all: { program: number; issuer: number; symbol: string }[] = [];
	for (let from: number | undefined = 1; from !== undefined; ) {
		const page: Awaited<ReturnType<Api['apis']['HanseApi']['programs']>> = await api.apis.HanseApi.programs(from, at);
		all.push(...page.programs.map(({ program, issuer, symbol }) => ({ program, issuer, symbol: textOf(symbol) })));
		from = page.next;
	}
	return SHOPS.map(({ institution, symbol }) => all.find((own) => own.issuer === institution && own.symbol === symbol)?.program);
}

/** When the period of a program's first vintage ends and when its points expire, in milliseconds. */
export async function readTimes(api: Api, program: number, at: Where): Promise<{ periodEnds: number; expires: number }> {
	const found = await api.query.Points.Programs.getValue(program, at);
	const first = found?.vintages.find(({ asset }) => asset === assetOf(program));
	// One that has no vintage yet is in its first period, and one whose first vintage is closed is out of it.
	if (!first) return found?.opened === 0 ? { periodEnds: Infinity, expires: Infinity } : { periodEnds: 0, expires: 0 };
	return { periodEnds: Number(first.closes), expires: Number(first.expires) };
}

/** Waits until what was issued of `programs` has matured. */
export async function untilNothingIsPending({ api }: Chain, programs: readonly number[]): Promise<void> {
	const deadline = Date.now() + 10 * LONGEST_PENDING;
	const keys = programs.map((program): [number] => [assetOf(program)]);
	const isPending = async () => (await api.query.Points.PendingTotal.getValues(keys, BEST)).some((total) => total > 0n);
	while ((await isPending()) && Date.now() < deadline) await sleep(200);
}
