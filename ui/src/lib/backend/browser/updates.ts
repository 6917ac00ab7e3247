import type { Backend } from "../backend";
import type { UpdatesView } from "../generated/UpdatesView";
import type { View } from "../generated/View";
import { problem } from "./problems";
import type { Room } from "./settings";

const size = 9_400_000;

/** An app that nobody has asked for a newer version. */
const unasked: UpdatesView = {
  automatic: false,
  host: "updates.doorkey.example",
  asked: null,
  method: "inPlace",
  stands: { state: "unknown" },
  release: null,
  note: false,
  problem: null,
  signsOut: [],
};

const release = {
  version: "1.3.0",
  notes: "Signing in with a code shows a picture for your phone’s camera.\n\n- A profile tells sooner that its provider has moved.\n- The window opens faster.",
};

const hostile = {
  version: `9.9.9-${"a".repeat(58)}`,
  notes: `<img src=x onerror="document.title='owned'"> \u202e<a href="javascript:alert(1)">Press</a>\n${"n".repeat(4_000)}`,
};

/** Somebody is signed in, and this is known of newer versions. */
const state = (change: Partial<UpdatesView>) => (): Partial<View> => ({ updates: { ...unasked, ...change } });
const found = (change: Partial<UpdatesView>) => state({ release, note: true, stands: { state: "found" }, asked: Date.now() - 60_000, ...change });

/** States that only updates tell apart. */
export const updateStates: Record<string, () => Partial<View>> = {
  "update-unknown": state({}),
  "update-looking": state({ stands: { state: "looking" } }),
  "update-newest": state({ stands: { state: "newest" }, asked: Date.now() - 60_000, automatic: true }),
  "update-offline": state({ problem: problem("offline", "Cannot reach updates.doorkey.example.", "Check the network connection, VPN and proxy, then try again.") }),
  "update-found": found({}),
  "update-found-package": found({ method: "package" }),
  "update-found-closes": found({ method: "closes", signsOut: ["flyte-staging", "orders"] }),
  "update-found-elsewhere": found({ method: "elsewhere" }),
  "update-downloading": found({ stands: { state: "downloading", received: size / 4, size } }),
  "update-downloading-on": found({ stands: { state: "downloading", received: size / 4, size: null } }),
  "update-downloaded": found({
    method: "closes",
    stands: { state: "downloaded" },
    problem: problem("update_not_now", "A sign-in with “orders” is under way, and closing Doorkey would break it off.", "Finish or cancel it, then try again."),
  }),
  "update-installing": found({ stands: { state: "installing" } }),
  "update-installed": found({ stands: { state: "installed" } }),
  "update-installed-memory": found({ stands: { state: "installed" }, signsOut: ["orders"] }),
  "update-saved": found({ method: "package", stands: { state: "saved", file: "doorkey-1.3.0-x86_64.deb", folder: "Downloads" } }),
  "update-saved-elsewhere": found({ method: "package", stands: { state: "saved", file: "doorkey-1.3.0-x86_64.deb", folder: "Téléchargements à moi" } }),
  "update-untrusted": found({
    problem: problem(
      "update_untrusted",
      "What was downloaded is not signed with the key that this Doorkey trusts, or is not whole.",
      "It was thrown away, and nothing was changed. Try again; if it happens again, do not install it from elsewhere, and tell whoever publishes this Doorkey.",
    ),
  }),
  "update-hostile": found({ release: hostile, host: `${"x".repeat(200)}.example`, signsOut: [`\u202e<b>${"s".repeat(60)}</b>`] }),
};

/** The command behind a newer version, in memory. */
export function updateCommands(page: Window, room: Room): Pick<Backend, "update"> {
  let timers: number[] = [];
  const change = (change: Partial<UpdatesView>) => room.change({ updates: { ...now(), ...change } });
  const later = (delay: number, happens: () => void) => timers.push(page.setTimeout(happens, delay));
  function now(): UpdatesView {
    const { updates } = room.view();
    if (!updates) throw problem("forgotten", "This update is not kept any more.", "Only the latest ones are.");
    return updates;
  }
  function install() {
    change({ note: true, stands: { state: "downloading", received: 0, size } });
    for (const part of [1, 2, 3]) later(part * 300, () => change({ stands: { state: "downloading", received: (size * part) / 3, size } }));
    later(1_000, () => change({ stands: { state: "installing" } }));
    later(1_500, () =>
      change({ stands: now().method === "package" ? { state: "saved", file: "doorkey-1.3.0-x86_64.deb", folder: "Downloads" } : { state: "installed" } }),
    );
  }

  return {
    async update(wish) {
      const before = now();
      if (wish === "look") {
        change({ problem: null, stands: { state: "looking" } });
        later(600, () => change({ release, note: true, stands: { state: "found" }, asked: Date.now() }));
      } else if (wish === "install") {
        change({ problem: null });
        install();
      } else if (wish === "cancel") {
        for (const timer of timers) page.clearTimeout(timer);
        timers = [];
        change({ problem: null, stands: { state: "found" } });
      } else if (wish === "later" || wish === "skip") {
        change({ problem: null, note: false });
      } else if (wish === "restart") {
        const { state } = room.view().session;
        if (state === "waitingForBrowser" || state === "waitingForCode" || state === "exchanging") {
          throw problem("update_not_now", `A sign-in with “${room.view().selected}” is under way, and closing Doorkey would break it off.`, "Finish or cancel it, then try again.");
        }
        // A page cannot start itself again as another version: it begins as it was.
        change({ ...unasked, automatic: before.automatic });
      }
    },
  };
}
