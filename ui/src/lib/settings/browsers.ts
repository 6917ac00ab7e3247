import type { BrowserView } from "../backend/generated/BrowserView";

/** What a browser is chosen as: by its own command, or by one that the person writes. */
export const written = "written";

/** The chosen entry for a command: empty for the first one, else its place in the list, or `written`. */
export function chosenBrowser(command: string, browsers: BrowserView[]): string {
  if (command === "") return "";
  const place = browsers.findIndex((browser) => browser.command === command);
  return place < 0 ? written : String(place);
}

/** What stands for the system's own browser: `System default (Firefox)`. */
export function systemDefault(browsers: BrowserView[]): string {
  const name = browsers.find((browser) => browser.default)?.name;
  return name ? `System default (${name})` : "System default";
}
