/** Lengths of time, in milliseconds, as people write and read them. */

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `1d12h` or `500ms` in milliseconds; nothing if it is not a length of time. */
export function parseDuration(text: string): number | undefined {
	if (!/^(\d{1,9}(ms|s|m|h|d))+$/.test(text)) return undefined;
	let total = 0;
	for (const [, number, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
		total += Number(number) * UNITS[unit as keyof typeof UNITS];
	}
	return total;
}

/** The same the other way round: `1 d 12 h 30 min`. */
export function exactly(milliseconds: number): string {
	const parts = [];
	let rest = milliseconds;
	for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
		const number = Math.floor(rest / UNITS[unit]);
		rest -= number * UNITS[unit];
		if (number > 0) parts.push(`${number} ${unit === 'm' ? 'min' : unit}`);
	}
	return parts.join(' ') || '0 s';
}

/** About the same, in its two largest units and nothing below a second. */
export function duration(milliseconds: number): string {
	const seconds = Math.max(0, Math.round(milliseconds / UNITS.s)) * UNITS.s;
	const unit = seconds >= UNITS.d ? UNITS.h : seconds >= UNITS.h ? UNITS.m : UNITS.s;
	return exactly(Math.floor(seconds / unit) * unit);
}

/** A moment, as this machine's clock shows it, and how far away it is. */
export function moment(at: number, now = Date.now()): string {
	const date = new Date(at).toISOString().replace('T', ' ').slice(0, 16);
	return at > now ? `${date} UTC (in ${duration(at - now)})` : `${date} UTC`;
}
