/** `describe` for tests in Chromium. They are skipped where it is not installed, but never in CI. */
import { expectsChromium } from './chromium';

export const describeWithChromium = expectsChromium ? describe : describe.skip;
