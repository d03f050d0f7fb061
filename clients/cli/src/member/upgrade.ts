/** Upgrades of the runtime, once members have decided on them. */
import { BEST, type Chain, sleep } from '@hanse/sdk/chain';
import { codeHash } from '@hanse/sdk/documents';
import { type Desk, Failed } from './desk.ts';

export async function applyUpgrade(desk: Desk, file: string): Promise<void> {
	const { chain, say } = desk;
	const { api } = chain;
	const code = desk.read(file);
	const hash = codeHash(code);
	const authorised = await api.query.System.AuthorizedUpgrade.getValue(BEST);
	if (!authorised) throw new Failed('no upgrade is authorised; see `motions` for those that are on their way');
	if (authorised.code_hash !== hash) throw new Failed(`${file} has hash ${hash}, and the authorised one is ${authorised.code_hash}`);
	const before = await specVersion(chain);
	say(`${file} is what the members authorised: ${code.length} bytes, hash ${hash}.`);
	await desk.act(api.tx.System.apply_authorized_upgrade({ code }));
	// The new code works from the next block on.
	for (let i = 0; i < 60; i++) {
		const now = await specVersion(chain);
		if (now !== before) return say(`The runtime is version ${now} now, and was ${before}.`);
		await Promise.race([sleep(500), chain.lost]);
	}
	throw new Failed(`the runtime is still version ${before}`);
}

const specVersion = async ({ request }: Chain) => (await request<{ specVersion: number }>('state_getRuntimeVersion')).specVersion;
