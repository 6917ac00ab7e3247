import { expect, test } from "vitest";
import { pictured } from "../backend/browser/accounts";
import { safePicture } from "./picture";

test("shows a bitmap that came as data", () => expect(safePicture(pictured.picture)).toBe(pictured.picture));

test.each([
  null,
  "",
  "https://example.com/ada.png",
  "javascript:alert(1)",
  "data:text/html;base64,PHA+",
  "data:image/svg+xml;base64,PHN2Zz4=",
  "data:image/png,raw",
  " data:image/png;base64,AAAA",
])("shows initials instead of %s", (picture) => expect(safePicture(picture)).toBeNull());
