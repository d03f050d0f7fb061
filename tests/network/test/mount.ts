/** A disk of a size that a test chooses. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../lib/node.ts';

/** Why there is none, if so. */
export function noMount(): string | false {
	try {
		new Disk(1).unmount();
		return false;
	} catch {
		return 'only who may mount, as root, has a small disk';
	}
}

export class Disk {
	readonly path = temporaryDirectory();
	readonly #unmount = () => this.unmount();
	#isMounted = true;

	/** Of so many MiB, in memory. */
	constructor(size: number) {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'hanse-test', this.path], { stdio: 'ignore' });
		// Before the directory goes away.
		process.prependListener('exit', this.#unmount);
	}

	/** MiB that are left. */
	get free(): number {
		const { bavail, bsize } = statfsSync(this.path);
		return (bavail * bsize) / 1024 / 1024;
	}

	/** Leaves at most so many MiB, or nothing at all. */
	fill(left: number): void {
		const block = Buffer.alloc(256 * 1024, 1);
		const file = openSync(join(this.path, 'ballast'), 'a');
		try {
			while (this.free > left) writeSync(file, block);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
		} finally {
			closeSync(file);
		}
	}

	/** What was filled is free again. */
	clear(): void {
		rmSync(join(this.path, 'ballast'), { force: true });
	}

	unmount(): void {
		if (!this.#isMounted) return;
		this.#isMounted = false;
		process.removeListener('exit', this.#unmount);
		execFileSync('umount', ['--lazy', this.path], { stdio: 'ignore' });
	}
}
