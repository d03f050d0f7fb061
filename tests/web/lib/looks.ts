/** Pictures for the documentation, and what axe finds on a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PICTURES = fileURLToPath(new URL('../../../docs/pictures/', import.meta.url));

/** Takes the picture of a page, where they are wanted: `HANSE_PICTURES=1`. */
export async function picture(page: Page, name: string): Promise<void> {
	if (process.env.HANSE_PICTURES) await page.screenshot({ path: `${PICTURES}${name}.png`, animations: 'disabled' });
}

/** What is wrong with a page for those who cannot see or use it as others do; one line for each kind. */
export async function faults(page: Page): Promise<string[]> {
	// By the debugger: the page's own policy lets no script in.
	const { violations } = await page.evaluate<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>(`${axe}; axe.run()`);
	return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
