/** Specifications of chains for tests: the local chain with other founders, authorities and rules. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Keyring } from '@polkadot/keyring';
import { wellKnown } from './keys.ts';
import { binary, shared, temporaryDirectory } from './node.ts';

/** The development keys that a node has a flag for, and what the institution of each is called. */
export const FOUNDERS = {
	Alice: 'Alster Air',
	Bob: 'Bergen Books',
	Charlie: 'Cog Hotels',
	Dave: 'Danzig Department Store',
	Eve: 'Elbe Eggs',
	Ferdie: 'Fehmarn Ferries',
	One: 'Oder Optics',
	Two: 'Trave Toys',
} as const;
export type Founder = keyof typeof FOUNDERS;

export interface Setup {
	/** In the order of their institutions' ids. */
	founders: Founder[];
	/** Those of them that run an authority from the first block on. */
	authorities: Founder[];
	/** By name, in the chain's own units; the others are the runtime's. */
	rules: Record<string, number>;
	/** Who has the deposit roles, if somebody does; no founders. */
	agent?: Founder;
	auditor?: Founder;
	/** Accounts beside the founders', with settlement micro-units. */
	endowed?: [address: string, amount: bigint][];
}

/** Micro-units of one settlement unit. */
const UNIT = 1_000_000;
const RESERVE = 25_000 * UNIT;
/** The bond, the reserve, and something to work with. */
const BALANCE = 10_000 * UNIT + RESERVE + 50_000 * UNIT;

/** The key `:code`, where a chain keeps its runtime. */
const CODE = '0x3a636f6465';

interface Patch {
	balances: { balances: [string, number][] };
	institutions: { founders: [string, string][] };
	rulebook: { rules: object };
	[section: string]: unknown;
}

/** Writes the specification and returns its path. */
export function writeSpec({ founders, authorities, rules, agent, auditor, endowed = [] }: Setup): string {
	const spec = JSON.parse(readFileSync(specOf('local'), 'utf8'));
	const { patch } = spec.genesis.runtimeGenesis as { patch: Patch };
	const account = (name: Founder) => wellKnown(name).address;
	// Beside the founders of the local chain there are two people, the agent and the auditor, and the pot, which stays.
	const others = (['Eve', 'Ferdie', 'One', 'Two'] as const).map(account);
	const known = new Set([...patch.institutions.founders.map(([address]) => address), ...others]);
	const grandpa = new Keyring({ type: 'ed25519', ss58Format: 42 });
	spec.genesis.runtimeGenesis.patch = {
		...patch,
		balances: {
			balances: [
				...patch.balances.balances.filter(([address]) => !known.has(address)),
				...founders.map((name) => [account(name), BALANCE]),
				...endowed.map(([address, amount]) => [address, Number(amount)]),
			],
		},
		institutions: { founders: founders.map((name) => [account(name), FOUNDERS[name]]) },
		// The keys of the local chain's agent and auditor may be founders'.
		clearing: {
			reserves: founders.map((name) => [account(name), RESERVE]),
			agent: agent ? account(agent) : null,
			auditor: auditor ? account(auditor) : null,
		},
		rulebook: { rules: { ...patch.rulebook.rules, ...rules } },
		authorities: { operators: authorities.map(account) },
		session: {
			keys: authorities.map((name) => {
				const keys = { aura: account(name), grandpa: grandpa.createFromUri(`//${name}`).address };
				return [account(name), account(name), keys];
			}),
		},
	};
	const directory = temporaryDirectory();
	const [plain, raw] = [join(directory, 'plain.json'), join(directory, 'raw.json')];
	writeFileSync(plain, JSON.stringify(spec));
	// Raw, so that the nodes need not build the genesis again, each for itself.
	writeFileSync(raw, hanse('build-spec', '--chain', plain, '--raw'));
	return raw;
}

/** A chain that the binary knows: the path of its specification, which is made once for all tests of a run. */
function specOf(chain: 'dev' | 'local', ...args: string[]): string {
	const path = join(shared(), `${[chain, ...args].join('')}.json`);
	if (!existsSync(path)) {
		const whole = `${path}.${process.pid}`;
		writeFileSync(whole, hanse('build-spec', '--chain', chain, ...args));
		renameSync(whole, path);
	}
	return path;
}

/** The arguments of a node that makes the blocks of the development chain alone; its genesis is built already. */
export const dev = (): string[] => ['--dev', '--chain', specOf('dev', '--raw')];

/** The same of a development chain that begins with another runtime. */
export const devWith = (wasm: Buffer): string[] => ['--dev', '--chain', withRuntime(specOf('dev', '--raw'), wasm)];

/** The path of the same raw specification of a chain, but that it begins with another runtime. */
export function withRuntime(raw: string, wasm: Buffer): string {
	const spec = JSON.parse(readFileSync(raw, 'utf8'));
	spec.genesis.raw.top[CODE] = `0x${wasm.toString('hex')}`;
	const path = join(temporaryDirectory(), 'other.json');
	writeFileSync(path, JSON.stringify(spec));
	return path;
}

/** The specification of the local chain of four authorities, likewise. */
export const local = (): string => specOf('local', '--raw');

/** Makes what every test needs. */
export function prepare(): void {
	specOf('local');
	dev();
}

/** What the binary writes to its standard output; its errors go to the screen. */
const hanse = (...args: string[]) =>
	// With a directory of its own, where it makes a key that nobody needs.
	execFileSync(binary(), [...args, '--base-path', temporaryDirectory()], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe'] });
