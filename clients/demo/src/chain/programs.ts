/** The shops' programs on the chain. */
import { textOf } from '@hanse/sdk/bytes';
import { type Api, BEST, type Chain, type Where, sleep } from '@hanse/sdk/chain';
import { LONGEST_PENDING, SHOPS } from '../plan/shops.ts';
import { assetOf } from './state.ts';

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
