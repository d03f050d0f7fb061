/** With which points a price is paid: those that expire first. */
import { pointsToCover } from '@hanse/sdk/money';

/** The most programs of one payment. */
const MOST = 8;

export interface Usable {
	program: number;
	amount: bigint;
	expires: number;
}

export interface Leg {
	program: number;
	maxPoints: bigint;
}

/** All usable points of the programs that may pay, the program whose points expire first before the others. */
export function legsOf(holdings: Usable[], allowed: (program: number) => boolean = () => true): Leg[] {
	const legs = new Map<number, Leg>();
	for (const { program, amount } of [...holdings].sort((a, b) => a.expires - b.expires)) {
		if (amount === 0n || !allowed(program)) continue;
		const leg = legs.get(program) ?? { program, maxPoints: 0n };
		leg.maxPoints += amount;
		legs.set(program, leg);
	}
	return [...legs.values()].slice(0, MOST);
}

/** The same legs with exactly what a quote would burn, so that a payment takes that or fails. */
export function exactly(legs: Leg[], burned: Map<number, bigint>): Leg[] {
	return legs.flatMap(({ program }) => {
		const maxPoints = burned.get(program) ?? 0n;
		return maxPoints > 0n ? [{ program, maxPoints }] : [];
	});
}

/** What a payment would burn by what was known before, for a phone without a network; nothing if it is not enough. */
export function estimate(legs: Leg[], price: bigint, face: (program: number) => bigint): Map<number, bigint> | undefined {
	const burned = new Map<number, bigint>();
	let open = price;
	for (const { program, maxPoints } of legs) {
		const worth = face(program);
		if (open <= 0n || worth <= 0n) continue;
		const needed = pointsToCover(open, worth);
		const taken = needed < maxPoints ? needed : maxPoints;
		burned.set(program, taken);
		open -= taken * worth;
	}
	return open <= 0n ? burned : undefined;
}
