/** Amounts are whole numbers: settlement micro-units, or smallest units of points. Never floats. */

/** Decimals of the settlement unit. */
export const SETTLEMENT_DECIMALS = 6;

/** `1234567n` with 2 decimals is `12,345.67`. */
export function format(units: bigint, decimals: number): string {
	const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
	const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',');
	const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
	return `${units < 0n ? '-' : ''}${whole}${fraction}`;
}

export const settlement = (micro: bigint) => format(micro, SETTLEMENT_DECIMALS);

/** Settlement units as people write them, in micro-units; nothing if it is no amount. */
export function parseSettlement(text: string): bigint | undefined {
	const match = /^(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text.replaceAll(',', ''));
	return match ? BigInt(`${match[1]}${(match[2] ?? '').padEnd(SETTLEMENT_DECIMALS, '0')}`) : undefined;
}

/** A count with thousands apart. */
export const count = (n: number) => format(BigInt(n), 0);

/** The fewest smallest units worth at least `value`: who pays gives up to one smallest unit too much. */
export const pointsToCover = (value: bigint, faceValue: bigint) => (value + faceValue - 1n) / faceValue;

export const least = (...values: bigint[]) => values.reduce((a, b) => (b < a ? b : a));
export const sum = (values: Iterable<bigint>) => {
	let total = 0n;
	for (const value of values) total += value;
	return total;
};
