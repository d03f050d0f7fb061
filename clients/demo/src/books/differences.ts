/** Where the books and the chain differ, in words. */
export class Differences {
	readonly list: string[];

	constructor(list: readonly string[] = []) {
		this.list = [...list];
	}

	/** What is missing on a side is nothing there, and differs all the same. */
	check(what: string, expected: bigint | undefined, found: bigint | undefined, show = (value: bigint) => `${value}`): void {
		if (expected !== found) this.list.push(`${what}: the books say ${show(expected ?? 0n)}, the chain ${show(found ?? 0n)}`);
	}
}
