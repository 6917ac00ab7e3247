/** The picture if it is one that the window may show: a bitmap that came as data, from nowhere else. */
export function safePicture(picture: string | null): string | null {
  return picture && /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*$/.test(picture) ? picture : null;
}
