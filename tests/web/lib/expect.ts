export type { Page } from 'playwright-core';

export function expect(holds: unknown, otherwise: string): asserts holds {
	if (!holds) throw new Error(otherwise);
}

/** Asks again until it is as expected, for half a minute. */
export async function eventually<T>(what: string, ask: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
	let last: T | undefined;
	for (const end = Date.now() + 30_000; Date.now() < end; ) {
		last = await ask();
		if (is(last)) return last;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	throw new Error(`${what}: it stays ${String(last)}`);
}
