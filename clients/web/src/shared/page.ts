/** How every page begins: its words, then itself; and the service worker, once it is there. */
import '@picocss/pico/css/pico.min.css';
import './look.css';
import { type Component, mount } from 'svelte';
import { trustedUrl } from './trusted.ts';
import { speak } from './words.svelte.ts';

export async function open(page: Component<{ words: Record<string, () => Promise<unknown>> }>, words: Record<string, () => Promise<unknown>>): Promise<void> {
	await speak(words);
	const target = document.getElementById('page');
	if (target) mount(page, { target, props: { words } });
	if (import.meta.env.PROD && 'serviceWorker' in navigator) {
		await navigator.serviceWorker.register(trustedUrl('/sw.js')).catch((error: unknown) => console.warn('no service worker', error));
	}
}
