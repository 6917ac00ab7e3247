/** The redirect URI that has the browser open the app. */
export const appLink = "dev.doorkey.app:/callback";

/** How the answer comes home, as a redirect URI says. */
export function comesHome(redirectUri: string): "loopback" | "link" {
  return redirectUri.trim() === appLink ? "link" : "loopback";
}
