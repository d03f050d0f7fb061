/** When something happened, as the tables say it. */

/** Seconds after the first block, if that is known. */
export function timeOf(now: number, firstBlock: number | null): string {
	return firstBlock === null ? new Date(now).toISOString().slice(11, 19) : `${((now - firstBlock) / 1_000).toFixed(1)} s`;
}
