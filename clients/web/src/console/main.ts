import { open } from '../shared/page.ts';
import App from './App.svelte';

await open(App, import.meta.glob('./words/*.ftl', { query: '?raw', import: 'default' }));
