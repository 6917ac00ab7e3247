/**
 * Writes what the window shows to the clipboard, while the person presses a button. Says whether it worked.
 *
 * The command comes first: it works in every web view, while the newer way is refused where the page
 * has no access to the clipboard of its own.
 */
export async function writeClipboard(text: string): Promise<boolean> {
  if (byCommand(text)) return true;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Answers the web view's own copying with the text. Nothing needs to be selected, or even drawn. */
function byCommand(text: string): boolean {
  let written = false;
  const allow = (event: Event) => event.preventDefault();
  const write = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData("text/plain", text);
    written = event.clipboardData !== null;
  };
  document.addEventListener("beforecopy", allow, true);
  document.addEventListener("copy", write, true);
  const taken = document.execCommand("copy");
  document.removeEventListener("copy", write, true);
  document.removeEventListener("beforecopy", allow, true);
  return taken && written;
}
