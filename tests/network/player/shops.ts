/** The four founders of a development chain, as shops, and the programs that the player gives them. */

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
		faceValue: 100n, decimals: 2, period: 60 * DAY, validity: 240 * DAY, pending: 3_000,
	},
	{
		institution: 4, key: 'Dave', program: 'Danzig Stars', symbol: 'STAR',
		faceValue: 40n, decimals: 3, period: 30 * DAY, validity: 90 * DAY, pending: 0,
	},
];

/** The longest return window, in milliseconds. */
export const LONGEST_PENDING = Math.max(...SHOPS.map(({ pending }) => pending));

export const faceValueOf = (shop: number): bigint => shopAt(shop).faceValue;

export function shopAt(shop: number): Shop {
	const found = SHOPS[shop];
	if (!found) throw new Error(`there is no shop ${shop}`);
	return found;
}
