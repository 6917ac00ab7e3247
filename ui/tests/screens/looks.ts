import type { Page } from "playwright-core";

/** How far the page, the view or any panel in it could be scrolled sideways, in pixels. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(...[...document.querySelectorAll("html, body, main, main *:not(.body)")].map((one) => {
      const scrolls = one.matches("html, body, main") || ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
      return scrolls && !one.matches("textarea, input, select") ? one.scrollWidth - one.clientWidth : 0;
    })),
  );
}

/** Words that reach beyond their own box or the window. */
export function clipped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const cut: string[] = [];
    for (const one of document.querySelectorAll("button, h1, h2, p, dd, dt, li, th, td, b, small, .pill, .chip")) {
      if (one.closest(".unseen-text") || one.getClientRects().length === 0) continue;
      const box = one.getBoundingClientRect();
      const beyond = getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1;
      if (beyond || box.right > innerWidth + 1 || box.left < -1) cut.push(one.textContent?.trim().slice(0, 40) ?? "");
    }
    return cut;
  });
}
