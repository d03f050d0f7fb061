/** What people type, on a command line or in a form: what stands for a word in a table of commands, and what it becomes. */
import { addressFrom } from './addresses.ts';
import { parseSettlement } from './money.ts';

/** What was typed makes no sense; nothing was sent. */
export class WrongUsage extends Error {}

function id(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new WrongUsage(`a number was expected, not ${text}`);
	return Number(text);
}

/** An address as it was typed, in this chain's own form. */
export function account(text: string): string {
	const address = addressFrom(text);
	if (address === undefined) throw new WrongUsage(`${text} is no address of an account`);
	return address;
}

/** Settlement micro-units. */
function amount(text: string): bigint {
	const units = parseSettlement(text);
	if (units === undefined) throw new WrongUsage(`an amount was expected, like 12500 or 12500.50, not ${text}`);
	return units;
}

/** The beginning of a day, in milliseconds. */
function day(text: string): number {
	if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return Date.parse(text);
	throw new WrongUsage(`a day like 2027-12-31 was expected, not ${text}`);
}

const READERS = { ID: id, MERCHANT: id, COMPLAINT: id, MEMBER: id, FINE: id, DECISION: id, ACCOUNT: account, AMOUNT: amount, UNTIL: day };

/** What a word in a table becomes: `aye|nay` is one of the two, `ID` a number, and others stay text. */
export type Word<W extends string> = W extends keyof typeof READERS
	? ReturnType<(typeof READERS)[W]>
	: W extends `${infer One}|${infer More}`
		? One | Word<More>
		: W extends Lowercase<W> ? W : string;

export type Words<W extends readonly string[]> = { [I in keyof W]: Word<W[I]> };

/** The choices that a word in a table offers, if it does. */
export const choicesOf = (word: string): string[] | undefined =>
	word === word.toLowerCase() ? word.split('|') : undefined;

/** What was typed, as the table says; commander has seen to their number and to choices. */
export function readWords<const W extends readonly string[]>(table: W, typed: string[]): Words<W> {
	const read = (word: string, i: number) => {
		const text = typed[i] ?? '';
		return word in READERS ? READERS[word as keyof typeof READERS](text) : text;
	};
	return table.map(read) as unknown as Words<W>;
}
