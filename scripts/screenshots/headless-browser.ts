import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Paths at which distributions install Chromium; no browser is downloaded. */
const PLACES: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Switches for a machine without a display and without a network. */
const SWITCHES: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The Chromium of this machine; undefined where there is none. */
export const chromiumPath = (): string | undefined => PLACES.find((path) => existsSync(path));

/** Starts Chromium without a window. */
export const headlessBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, args: [...SWITCHES] });
