/** All of them with one chain and one gateway, which take longer to start than most tests. */
import { after } from 'node:test';
import { closeAll } from '../lib/world.ts';
import './journey.ts';
import './fast.ts';
import './keys.ts';
import './console.ts';
import './once.ts';
import './rights.ts';
import './screens.ts';
import './stops.ts';
import './clocks.ts';

after(closeAll);
