/** Upgrades of the runtime, once members have decided on them. */
import type { ApiPromise } from '@polkadot/api';
import type { Option, Struct } from '@polkadot/types';
import { u8aToHex } from '@polkadot/util';
import { blake2AsHex } from '@polkadot/util-crypto';
import { call, sleep, storage } from '@hanse/sdk/pjs/chain';
import { type Desk, Failed, WrongUsage, readBytes } from './desk.ts';

/** How a runtime's file begins: plain Wasm, or compressed. */
const BEGINNINGS = ['0061736d', '52bc537646db8e05'];

/** The hash by which members authorise the code of a runtime. */
export function codeHash(code: Uint8Array): string {
	const start = Buffer.from(code.subarray(0, 8)).toString('hex');
	if (BEGINNINGS.some((beginning) => start.startsWith(beginning))) return blake2AsHex(code, 256);
	throw new WrongUsage('this file is no runtime: neither Wasm nor compressed Wasm');
}

export async function applyUpgrade(desk: Desk, file: string): Promise<void> {
	const { chain, say } = desk;
	const { api } = chain;
	const code = readBytes(file);
	const hash = codeHash(code);
	const authorised = (await storage(api, 'system', 'authorizedUpgrade')()) as unknown as Option<Struct>;
	if (authorised.isNone) throw new Failed('no upgrade is authorised; look at `motions` for those that are on their way');
	const wanted = authorised.unwrap().get('codeHash')?.toString();
	if (wanted !== hash) throw new Failed(`${file} has hash ${hash}, and the authorised one is ${wanted}`);
	const before = await specVersion(api);
	say(`${file} is what the members authorised: ${code.length} bytes, hash ${hash}.`);
	await desk.act(call(api, 'system', 'applyAuthorizedUpgrade', u8aToHex(code)));
	// The new code works from the next block on.
	for (let i = 0; i < 60; i++) {
		const now = await specVersion(api);
		if (now !== before) return say(`The runtime is version ${now} now, and was ${before}.`);
		await Promise.race([sleep(500), chain.lost]);
	}
	throw new Failed(`the runtime is still version ${before}`);
}

const specVersion = async (api: ApiPromise) => (await api.rpc.state.getRuntimeVersion()).specVersion.toNumber();
