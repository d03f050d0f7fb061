/** What is drawn: names or moments along the bottom, and a value of each series above each. */

export interface Series {
	label: string;
	values: number[];
}

export interface Shown {
	kind: 'bars' | 'stack' | 'lines';
	/** Names below bars, or moments in milliseconds below lines. */
	along: (string | number)[];
	series: Series[];
}

export const bars = (along: string[], series: Series[]): Shown => ({ kind: 'bars', along, series });
export const stack = (along: string[], series: Series[]): Shown => ({ kind: 'stack', along, series });
export const lines = (along: number[], series: Series[]): Shown => ({ kind: 'lines', along, series });

/** For those who see all colours and for those who do not: Okabe and Ito's. */
export const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8a7f00', '#7f7f7f'];
export const colour = (place: number): string => COLOURS[place % COLOURS.length] ?? '#7f7f7f';

/** Micro-units as a number to draw: how high a bar is may be wrong by less than anybody sees. */
export const drawn = (units: bigint, decimals: number): number => Number(units) / 10 ** decimals;
