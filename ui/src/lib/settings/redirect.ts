/** How the answer comes home, as a redirect URI says: as a link to the app, or over loopback. */
export function comesHome(redirectUri: string, appLink: string): "loopback" | "link" {
  return redirectUri.trim() === appLink ? "link" : "loopback";
}
