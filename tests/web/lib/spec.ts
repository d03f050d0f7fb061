/** Specifications of chains: the development chain with other rules, or with another runtime at its start. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Change {
	/** By name, in the chain's own units; the others are those of the development chain. */
	rules: Record<string, number>;
	runtime?: Buffer | undefined;
}

/** The key `:code`, where a chain keeps its runtime. */
const CODE = '0x3a636f6465';

/** Writes the specification into `folder` and returns its path. */
export function writeSpec(binary: string, folder: string, { rules, runtime }: Change): string {
	const build = (...args: string[]) =>
		execFileSync(binary, ['build-spec', ...args, '--base-path', folder], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] });
	const path = join(folder, 'chain.json');
	const plain = JSON.parse(build('--chain', 'dev'));
	Object.assign(plain.genesis.runtimeGenesis.patch.rulebook.rules, rules);
	writeFileSync(path, JSON.stringify(plain));
	const raw = JSON.parse(build('--chain', path, '--raw'));
	if (runtime) raw.genesis.raw.top[CODE] = `0x${runtime.toString('hex')}`;
	writeFileSync(path, JSON.stringify(raw));
	return path;
}

/** The runtime of `next`, which is a version newer, before: in it the least that an exchange may give has another name. */
export function otherShape(next: string): Buffer {
	// Beside the next one, and not compressed, since its text is changed.
	const wasm = readFileSync(next.replaceAll('-next', '').replaceAll('_next', '').replace('.compressed.wasm', '.wasm'));
	const places = [...wasm.toString('latin1').matchAll(/min_out/g)].map(({ index }) => index);
	if (places.length === 0) throw new Error('min_out is not found in the runtime');
	for (const place of places) wasm.write('max_out', place, 'latin1');
	return wasm;
}
