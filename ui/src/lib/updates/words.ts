import type { UpdateMethod } from "../backend/generated/UpdateMethod";
import type { UpdatesView } from "../backend/generated/UpdatesView";
import { foreign } from "../text/foreign";
import { size } from "../text/size";
import { ago } from "../time/instant";

/** How a version is called. */
export function versionCalled(version: string): string {
  return `Doorkey ${foreign(version, 64)}`;
}

/** The title of what there is to say about a newer version; null if there is nothing. */
export function title({ release, stands, method }: UpdatesView): string | null {
  if (!release) return null;
  const named = versionCalled(release.version);
  switch (stands.state) {
    case "downloading":
      return `Downloading ${named}`;
    case "downloaded":
      return `${named} is ready to be installed`;
    case "installing":
      return method === "package" ? `Saving ${named}` : `Installing ${named}`;
    case "installed":
      return `${named} is installed`;
    case "saved":
      return `${named} is in your folder ${foreign(stands.folder, 60)}`;
    default:
      return `${named} is available`;
  }
}

/** How far a download is. */
export function progress(received: number, whole: number | null): string {
  return whole === null ? `${size(received)} so far` : `${size(received)} of ${size(whole)}`;
}

/** What is known of newer versions, in one sentence. */
export function known({ stands, asked }: UpdatesView, now: number, locale?: string): string {
  if (stands.state === "looking") return "Looking for a newer version…";
  if (stands.state === "newest" && asked !== null) return `This is the newest version. Looked ${ago(asked, now, locale)}.`;
  return asked === null ? "Nobody has looked for a newer version yet." : `Looked for a newer version ${ago(asked, now, locale)}.`;
}

/** What the person agrees to. */
export function agreement(method: UpdateMethod): { title: string; text: string; agree: string } {
  const checked = "Doorkey downloads it, and uses it only if it carries the publisher’s signature.";
  switch (method) {
    case "closes":
      return { title: "Install", text: `${checked} Then Doorkey closes, is replaced, and starts again.`, agree: "Install" };
    case "package":
      return {
        title: "Download",
        text: `${checked} The package goes into your folder for downloads, and you install it with your system’s package manager. Doorkey asks nobody for an administrator’s password.`,
        agree: "Download",
      };
    default:
      return { title: "Install", text: `${checked} Doorkey goes on running, and you choose when to restart it.`, agree: "Install" };
  }
}

/** Whose sign-ins end with a restart; empty if nobody's do. */
export function ending(profiles: readonly string[]): string {
  if (profiles.length === 0) return "";
  const names = profiles.map((name) => `“${foreign(name, 64)}”`);
  return names.length === 1
    ? `The sign-in with ${names[0]} is kept in memory only, and ends with a restart.`
    : `The sign-ins with ${names.slice(0, -1).join(", ")} and ${names.at(-1)} are kept in memory only, and end with a restart.`;
}

/** How to install a package; nothing for one that is not known. */
export function installCommand(file: string, folder: string): string | null {
  const path = `~/${folder}/${file}`;
  // What would need quotes in a shell is better opened with a click.
  if (!/^~\/[\w.-]+\/[\w.+-]+$/.test(path)) return null;
  if (file.endsWith(".deb")) return `sudo apt install ${path}`;
  return file.endsWith(".rpm") ? `sudo dnf install ${path}` : null;
}
