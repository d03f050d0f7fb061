/** The four founders of a development chain and a newcomer, as shops, and the programs that the player gives them. */

const DAY = 24 * 60 * 60 * 1000;

export interface Shop {
	/** Its institution id on the chain. */
	institution: number;
	/** The development key that acts for it. */
	key: string;
	program: string;
	symbol: string;
	/** Settlement micro-units that it owes for one smallest unit of its points. */
	faceValue: bigint;
	/** Digits after the point when its points are shown. */
	decimals: number;
	/** Milliseconds in which points go into the same vintage. */
	period: number;
	/** Milliseconds from the end of the period to the expiry: at most six periods. */
	validity: number;
	/** Milliseconds from an award until its points can be used: a return window, if the shop has one. */
	pending: number;
}

/** Different in everything that a program may choose. A shop is named by its place in this list. */
export const SHOPS: readonly Shop[] = [
	{
		institution: 1, key: 'Alice', program: 'Alster Miles', symbol: 'MILE',
		faceValue: 10_000n, decimals: 0, period: 90 * DAY, validity: 540 * DAY, pending: 0,
	},
	{
		institution: 2, key: 'Bob', program: 'Bergen Reader', symbol: 'READ',
		faceValue: 2_500n, decimals: 1, period: 30 * DAY, validity: 180 * DAY, pending: 0,
	},
	{
		institution: 3, key: 'Charlie', program: 'Cog Nights', symbol: 'COG',
		faceValue: 100n, decimals: 2, period: 60 * DAY, validity: 240 * DAY, pending: 8_000,
	},
	{
		institution: 4, key: 'Dave', program: 'Danzig Stars', symbol: 'STAR',
		faceValue: 40n, decimals: 3, period: 30 * DAY, validity: 90 * DAY, pending: 0,
	},
	{
		institution: 5, key: 'Elbing', program: 'Elbing Beans', symbol: 'BEAN',
		faceValue: 10_000n, decimals: 0, period: 30 * DAY, validity: 60 * DAY, pending: 0,
	},
];

/** The shops of the purchases, which are there from the start. */
export const FOUNDERS = SHOPS.slice(0, 4);
/** The place of the shop that is not. */
export const NEWCOMER = 4;

/** Micro-units of one settlement unit. */
const UNIT = 1_000_000n;

/** What a shop lets another one owe it between settlements, in micro-units. */
export interface Line {
	creditor: number;
	debtor: number;
	limit: bigint;
}

const line = (creditor: number, debtor: number, units: bigint): Line => ({ creditor, debtor, limit: units * UNIT });

/**
 * Three of the four trust each other; two of them trust the third shop less, and are trusted so, and the fourth does
 * not. So some of what is owed is set off, some waits on lines, and some is paid in its block, as all is without lines.
 */
export const LINES: readonly Line[] = [
	...[[0, 1], [0, 3], [1, 3]].flatMap(([a = 0, b = 0]) => [line(a, b, 250n), line(b, a, 250n)]),
	line(0, 2, 100n), line(2, 0, 100n), line(1, 2, 100n), line(2, 1, 100n),
];
/** What the newcomer gets. */
export const LINES_OF_NEWCOMER: readonly Line[] = [line(0, NEWCOMER, 250n), line(1, NEWCOMER, 250n), line(3, NEWCOMER, 250n)];

/** The longest return window, in milliseconds. */
export const LONGEST_PENDING = Math.max(...SHOPS.map(({ pending }) => pending));

export const faceValueOf = (shop: number): bigint => shopAt(shop).faceValue;

export function shopAt(shop: number): Shop {
	const found = SHOPS[shop];
	if (!found) throw new Error(`there is no shop ${shop}`);
	return found;
}
