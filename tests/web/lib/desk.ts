/** What the institution's people do at the console, in steps that several tests have in common. */
import assert from 'node:assert/strict';
import { connect } from '@hanse/sdk/chain';
import { wellKnown } from '@hanse/sdk/keys';
import { close, propose, vote } from '@hanse/sdk/motions';
import { type Tx, send } from '@hanse/sdk/send';
import type { Chain } from '@hanse/sdk/chain';
import type { Person } from './browser.ts';
import type { Page } from './expect.ts';
import type { World } from './world.ts';

/** The members of a development chain. */
export const MEMBERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;
export const DESK = { viewport: { width: 1200, height: 900 } };

/** Opens a screen of the console. */
export async function at({ page }: Person, world: World, screen: string): Promise<Page> {
	await page.goto(`${world.web}/console/#${screen}`);
	await page.locator('[data-test=standing]', { hasText: 'final up to' }).waitFor();
	await page.getByRole('heading', { level: 1 }).waitFor();
	return page;
}

/** Signs in with an access key, or with another one. */
export async function signIn(one: Person, world: World, key: string, screen: string): Promise<Page> {
	await one.page.goto('about:blank');
	await one.page.goto(`${world.web}/console/#key=${key}`);
	await one.page.getByRole('button', { name: 'Sign out' }).waitFor();
	return at(one, world, screen);
}

/** Takes up a key for as long as the page is open. */
export async function hold(one: Person, world: World, secret: string, screen = 'delegate/Motions'): Promise<Page> {
	const page = await at(one, world, screen);
	const panel = page.locator('details', { hasText: 'A key that signs' });
	if ((await panel.getAttribute('open')) === null) await panel.locator('summary').click();
	await panel.locator('input[name=secret]').fill(secret);
	await panel.getByRole('button', { name: 'Use it' }).click();
	await page.locator('[data-test=holder]').waitFor();
	return page;
}

/** Agrees to what is shown, and answers in what words it was shown. */
export async function agree(page: Page): Promise<string> {
	const confirm = page.locator('[data-test=confirm]');
	const words = (await confirm.locator('[data-test=words]').textContent()) ?? '';
	await confirm.locator('[data-test=sign]').click();
	const end = confirm.locator('[data-test=done], [role=alert]').first();
	await end.waitFor({ timeout: 60_000 });
	assert.equal(await confirm.locator('[role=alert]').count(), 0, `${words}: ${await end.textContent()}`);
	await confirm.getByRole('button', { name: 'Close' }).click();
	return words;
}

/** What the members decide elsewhere, so that a test is about something else. */
export async function decided(world: World, motion: (chain: Chain) => Tx): Promise<void> {
	const chain = await connect(world.node);
	try {
		const by = (name: (typeof MEMBERS)[number]) => (tx: Tx) => send(chain, wellKnown(name), tx);
		const open = await propose(chain, by('Alice'), motion(chain));
		await Promise.all(MEMBERS.map((name) => vote(chain, by(name), open, true)));
		const outcome = await close(chain, by('Dave'), open);
		assert.ok(outcome.carried && !outcome.error, `${outcome.error}`);
	} finally {
		chain.close();
	}
}
