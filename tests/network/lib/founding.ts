/** `scripts/found`, as the founders of a live alliance run it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary } from './node.ts';

const script = join(dirname(fileURLToPath(import.meta.url)), '../../../scripts/found');

/** What the script prints, and what it says on the way; with its exit code. */
export function found(...args: string[]): { out: string; said: string; code: number | null } {
	const env = { ...process.env, HANSE_BIN: binary() };
	const { stdout, stderr, status } = spawnSync(script, args, { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
	return { out: stdout, said: stderr, code: status };
}

function done(...args: string[]): { out: string; said: string } {
	const { out, said, code } = found(...args);
	if (code !== 0) throw new Error(`scripts/found ${args.join(' ')}: exit code ${code}: ${said}`);
	return { out, said };
}

export interface Member {
	name: string;
	/** Where its keys are. */
	directory: string;
	/** What goes to the others. */
	entry: string;
}

export function member(parent: string, name: string): Member {
	const directory = join(parent, name.replaceAll(' ', '-'));
	done('member', '--name', name, directory);
	return { name, directory, entry: join(directory, 'founder.json') };
}

/** Founds the chain on one of the founders' hosts: the specification's path, and the sum to compare. */
export function foundChain(parent: string, id: string, members: Member[]): { spec: string; sum: string } {
	const { out, said } = done('chain', '--id', id, '--name', 'Shops of a test', ...members.map(({ entry }) => entry));
	const spec = join(parent, `${id}.json`);
	writeFileSync(spec, out);
	return { spec, sum: /^sum: ([0-9a-f]{64})$/m.exec(said)?.[1] ?? '' };
}

/** Puts a member's keys where its node finds them. */
export const insertKeys = (spec: string, { directory }: Member, base: string): void => void done('keys', '--chain', spec, directory, base);

/** The secret phrase of one of a member's keys. */
export const phraseOf = ({ directory }: Member, key: 'account' | 'aura' | 'grandpa'): string =>
	JSON.parse(readFileSync(join(directory, `${key}.json`), 'utf8')).secretPhrase;
