/** A progress bar: in place on a terminal, a line every few seconds anywhere else. */
import { count } from '@hanse/sdk/money';
import type { Progress } from '../play/player.ts';

/** Of the bar, so that the line fits a terminal of 80 columns. */
const WIDTH = 14;
const SECONDS_BETWEEN_LINES = 5;

export class ProgressBar {
	readonly #purchases: number;
	readonly #started = Date.now();
	#shown = 0;

	/** `purchases`: how many there are to play. */
	constructor(purchases: number) {
		this.#purchases = purchases;
	}

	show(progress: Progress): void {
		const line = this.#line(progress);
		if (process.stdout.isTTY) {
			process.stdout.write(`\r\x1b[2K${line.slice(0, (process.stdout.columns || 80) - 1)}`);
		} else if (Date.now() - this.#shown >= SECONDS_BETWEEN_LINES * 1_000) {
			process.stdout.write(`${line}\n`);
		} else {
			return;
		}
		this.#shown = Date.now();
	}

	/** Lines that stay. */
	say(text: string): void {
		process.stdout.write(process.stdout.isTTY ? `\r\x1b[2K${text}\n` : `${text}\n`);
	}

	/** Leaves the terminal's line, so that others can write. */
	end(): void {
		if (process.stdout.isTTY && this.#shown > 0) process.stdout.write('\n');
	}

	#line({ month, done, total, purchases, settles }: Progress): string {
		if (settles) {
			const seconds = Math.max(0, Math.round((settles - Date.now()) / 1_000));
			return `[${'#'.repeat(WIDTH)}] All is played. The cycle ends, and positions settle, in ${seconds} s`;
		}
		const part = Math.min(1, done / Math.max(total, 1));
		const full = Math.floor(WIDTH * part);
		const bar = `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`;
		const rate = Math.round(done / Math.max((Date.now() - this.#started) / 1_000, 1));
		return `${bar} ${month} ${count(purchases)}/${count(this.#purchases)} purchases, ${count(done)}/${count(total)} done, ${rate}/s`;
	}
}
