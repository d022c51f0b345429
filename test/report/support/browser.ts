/** A page in a real browser, with everything that it asked for, said or threw. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's, Ubuntu's and Fedora's; none is ever downloaded. */
const PLACES = [
  process.env.VAELAB_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
];
export const chromiumPath = PLACES.find((path) => path !== undefined && existsSync(path));

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath!, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

export interface Opened {
  page: Page;
  /** Addresses that it asked for, apart from itself; all were refused. */
  asked: string[];
  /** Console messages of any kind, and errors that were thrown. */
  said: string[];
}

export const open = async (
  browser: Browser,
  file: string,
  { width, dark = false }: { width: number; dark?: boolean },
): Promise<Opened> => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  const [asked, said]: [string[], string[]] = [[], []];
  const own = pathToFileURL(file).href;
  await page.route("**", (route) => {
    const address = route.request().url();
    if (address === own) return route.continue();
    asked.push(address);
    return route.abort();
  });
  page.on("request", (request) => {
    const address = request.url();
    if (address !== own && !address.startsWith("data:") && !asked.includes(address)) asked.push(address);
  });
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`thrown: ${error.message}`));
  await page.goto(own, { waitUntil: "load" });
  return { page, asked, said };
};
